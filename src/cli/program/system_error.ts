import { InputError } from "../../errors.ts";

/**
 * Says whether an error is the operating system's answer, or Deno's, to something that was asked of it: a
 * full disk, a path that leads nowhere, a permission that is missing. Its message says what was asked.
 */
export function isOfSystem(error: unknown): error is Error {
  return error instanceof Error && !(error instanceof InputError) &&
    (Object.values(Deno.errors).some((kind) => error instanceof kind) ||
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
  } catch (cause) {
    if (!isOfSystem(cause)) throw cause;
    throw new InputError({
      at: { file: path },
      found: `a path that can't be written (${cause.message})`,
      expected: "a place to write to",
      fix: "Check that its folder is there, who may write to it, and the disk's free space.",
    }, { cause });
  }
}
