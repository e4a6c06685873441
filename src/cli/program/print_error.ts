import { CommanderError } from "commander";
import { InputError } from "../../errors.ts";
import { exitCodes } from "./exit_codes.ts";

/** Prints a mistake as one message, unless commander has printed it already. Returns the exit code. */
export function printError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongInput;
  if (error instanceof InputError) {
    console.error(`error: ${error.message}`);
    return exitCodes.wrongInput;
  }
  console.error(error); // not a user's mistake, so the stack helps
  return exitCodes.failed;
}
