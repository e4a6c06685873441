/** What all programs on the command line have in common: how they print help, and how they end. */

import { Command } from "commander";
import { coloured } from "../terminal/text.ts";
import { printError } from "./print_error.ts";
import { writeAll } from "../../write_all.ts";

/**
 * Makes a program. What commander would ask its environment is told to it, because on a terminal it reads
 * variables that no task of this project may read.
 */
export function newProgram(name: string): Command {
  const columns = (stream: typeof Deno.stdout) => stream.isTerminal() ? Deno.consoleSize().columns || 80 : 80;
  return new Command(name).exitOverride().configureOutput({
    writeOut: (text) => writeAll(Deno.stdout, text),
    writeErr: (text) => writeAll(Deno.stderr, text),
    getOutHelpWidth: () => columns(Deno.stdout),
    getErrHelpWidth: () => columns(Deno.stderr),
    getOutHasColors: () => coloured,
    getErrHasColors: () => coloured,
  });
}

/** Runs a program with the arguments of the command line. Whatever goes wrong is told in one message. */
export async function runProgram(program: Command): Promise<void> {
  program.commands.forEach((command) => command.exitOverride());
  const endWith = (event: Event, error: unknown) => {
    event.preventDefault();
    Deno.exit(printError(error));
  };
  globalThis.addEventListener("unhandledrejection", (event) => endWith(event, event.reason));
  globalThis.addEventListener("error", (event) => endWith(event, event.error));
  try {
    await program.parseAsync(Deno.args, { from: "user" });
  } catch (error) {
    Deno.exitCode = printError(error);
  }
}
