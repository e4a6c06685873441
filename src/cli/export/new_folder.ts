import { InputError } from "../../errors.ts";
import { remove, statIfThere } from "../../pipeline/store/atomic.ts";
import { namesIn, realPathOf } from "../../pipeline/store/store.ts";
import { exitWhenInterrupted } from "../program/interruption.ts";
import { notWritten, writing } from "../program/system_error.ts";
import { withWriteAccess } from "../program/write_access.ts";

/**
 * Makes a folder that is there whole or not at all: `write` writes it beside its place, from which it is then
 * renamed. An empty folder may be in its place. What `write` returns is printed once the folder is there.
 *
 * @param flags the permissions that writing needs besides reading and writing files
 * @throws {InputError} where something else is in its place, or an unfinished folder beside it
 */
export async function writeNewFolder(
  path: string,
  write: (staging: string) => Promise<string>,
  flags: readonly string[],
): Promise<void> {
  const folder = realPathOf(path);
  requireFree(folder);
  const staging = `${folder}.partial`;
  if (statIfThere(staging)) {
    throw new InputError({
      at: { file: staging },
      found: "what an export that was ended has left, or one that is under way",
      expected: "nothing, so that the folder can be written there first",
      fix: "Remove it, unless another export is running.",
    });
  }
  await withWriteAccess([folder, staging], async () => {
    writing(staging, () => Deno.mkdirSync(staging));
    exitWhenInterrupted(() => remove(staging));
    let said: string;
    try {
      said = await write(staging);
      Deno.renameSync(staging, folder);
    } catch (error) {
      remove(staging);
      throw notWritten(folder, error);
    }
    console.log(said);
  }, flags);
}

function requireFree(folder: string): void {
  const isFree = statIfThere(folder)?.isDirectory !== false && namesIn(folder).length === 0;
  if (isFree) return;
  throw new InputError({
    at: { file: folder },
    found: "an existing file, or a folder that isn't empty",
    expected: "a new folder, so that it holds nothing else",
  });
}
