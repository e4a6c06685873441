/**
 * Says within a few milliseconds that there is nothing to do. A run, or `status`, that found all stages up to date
 * notes whatever it looked at, and what it printed: `watch.ts`. Where the next one is asked for the same and all of
 * that is unchanged, it would end the same, and prints the same without reading a pipeline. The programs that
 * run stages are loaded only where anything differs.
 */

import { fileURLToPath } from "node:url";
import { cpuInstructionSets } from "../../runtime/machine.ts";
import { duration } from "../terminal/text.ts";
import { lookAt, type LookKind, type Sight } from "./looks.ts";
import { writeAll } from "../../write_all.ts";

/** Returns where this command's note is: `status` has one of its own, so that it leaves the runs' alone. */
export function notePath(): string {
  return `artifacts/.store/up-to-date${Deno.args.includes("status") ? "-status" : ""}`;
}

/** What a run that had nothing to do depended on, and what it printed. */
export interface Note {
  readonly circumstances: Circumstances;
  /** The instruction sets of the CPU; null where the run didn't ask for them. */
  readonly cpu: string | null;
  /** The environment variables that the run asked for, with their values; null for those that aren't set. */
  readonly environment: readonly (readonly [string, string | null])[];
  readonly looks: readonly (readonly [LookKind, string, Sight])[];
  readonly printed: string;
}

/** What a run depends on beside files and the environment. */
export type Circumstances = readonly (string | number | boolean | null)[];

export function currentCircumstances(): Circumstances {
  const isTerminal = Deno.stdout.isTerminal();
  return [
    Deno.version.deno,
    Deno.cwd(),
    JSON.stringify(Deno.args),
    navigator.hardwareConcurrency,
    Deno.noColor,
    isTerminal,
    isTerminal ? Deno.consoleSize().columns : null,
  ];
}

/** Prints what the last run printed, if this one would find the same. Returns whether it would. */
export function printIfUpToDate(): boolean {
  const note = readNote();
  if (!note) return false;
  const time = duration(performance.now() / 1000);
  try {
    writeAll(Deno.stdout, note.printed.replace(/(up to date \()[^)]*\)/, `$1${time})`));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    Deno.exitCode = 141; // whoever read the output has left
  }
  return true;
}

/** Returns the last run's note, if all is as it says. */
function readNote(): Note | undefined {
  try {
    const note: Note = JSON.parse(Deno.readTextFileSync(notePath()));
    return stillHolds(note) ? note : undefined;
  } catch {
    return undefined; // there is none, or something in it can't be looked at: the run finds out itself
  }
}

/**
 * The note must say what this module was like: whoever hands a store on can't know its inode and times here, so
 * that a note which came with a store never holds.
 */
function stillHolds({ circumstances, cpu, environment, looks }: Note): boolean {
  return looks.some(([kind, path]) => kind === "file" && path === fileURLToPath(import.meta.url)) &&
    JSON.stringify(circumstances) === JSON.stringify(currentCircumstances()) &&
    environment.every(([name, value]) => (Deno.env.get(name) ?? null) === value) &&
    looks.every(([kind, path, sight]) => lookAt(kind, path) === sight) &&
    (cpu === null || cpu === cpuInstructionSets());
}
