import { CommanderError } from "commander";
import { InputError } from "../../errors.ts";
import { exitCodes } from "./exit_codes.ts";

/** Tells a mistake in one message; commander has told its own. Returns the exit code. */
export function tell(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongInput;
  if (error instanceof InputError) {
    console.error(`error: ${error.message}`);
    return exitCodes.wrongInput;
  }
  console.error(error); // not a user's mistake: the stack is of use
  return exitCodes.failed;
}
