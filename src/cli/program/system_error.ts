import { InputError } from "../../errors.ts";

/**
 * Says whether an error is the operating system's answer, or Deno's, to something that was asked of it: a
 * full disk, a path that leads nowhere, a permission that is missing. Its message says what was asked.
 */
export function isOfSystem(error: unknown): error is Error {
  return error instanceof Error && !(error instanceof InputError) &&
    (Object.values(Deno.errors).some((kind) => error instanceof kind) || "syscall" in error || // as Node's have it
      /\(os error \d+\)/.test(error.message));
}

/**
 * Writes something that the user asked for, at a path of the user's.
 *
 * @throws {InputError} where the system doesn't let it
 */
export function writing(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw notWritten(path, error);
  }
}

/** Returns the mistake that the system's answer to writing at a path of the user's means; other errors as they are. */
export function notWritten(path: string, cause: unknown): unknown {
  if (!isOfSystem(cause)) return cause;
  return new InputError({
    at: { file: path },
    found: `a path that can't be written (${cause.message})`,
    expected: "a place to write to",
    fix: "Check that its folder is there, who may write to it, and the disk's free space.",
  }, { cause });
}
