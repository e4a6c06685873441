import { CommanderError } from "commander";
import { InputError } from "../../errors.ts";
import { outputColumns, wrapped } from "../terminal/width.ts";
import { exitCodes } from "./exit_codes.ts";
import { isOfSystem } from "./system_error.ts";
import { tell } from "./tell.ts";

/** Prints a mistake as one message, unless commander has printed it already. Returns the exit code. */
export function printError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongInput;
  // Whoever read the output has left, as `| head -1` does, and wants no message either.
  if (error instanceof Deno.errors.BrokenPipe) return exitCodes.brokenPipe;
  if (error instanceof InputError || isOfSystem(error)) {
    tell(fitted(`error: ${error.message}`, outputColumns(Deno.stderr)));
    return exitCodes.wrongInput;
  }
  tell(error); // not a user's mistake, so the stack helps
  return exitCodes.failed;
}

/** Breaks the lines of a message, but not a line of a file, below which a caret stands. */
function fitted(message: string, columns: number): string {
  const lines = message.split("\n");
  const isSource = (index: number) => /^ +\^$/.test(lines[index + 1] ?? "");
  return lines.map((line, index) => isSource(index) ? line : wrapped(line, 2, columns)).join("\n");
}
