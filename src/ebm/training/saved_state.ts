import { createHash } from "node:crypto";
import { open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Weights } from "../../graph/weights.ts";
import { readSafetensors, writeSafetensors } from "../../nn/safetensors.ts";
import { free } from "./weights.ts";

/** How far a stage is: all that it needs to go on as if it had never stopped. */
export interface State<Progress> {
  /** What JSON can hold. */
  readonly progress: Progress;
  readonly tensors: Weights;
}

export interface SavedState<Progress> {
  /** What an attempt before saved last; undefined where it saved nothing. */
  readonly found: State<Progress> | undefined;
  /** Saves the state if the last time is half a minute ago, and frees its tensors; else doesn't ask for it. */
  save(state: () => State<Progress>): Promise<void>;
}

const intervalMs = 30_000;

/**
 * A stage's state in its checkpoint folder. The folder belongs to one action, whose key covers the code that wrote it: what is
 * found there and agrees with its digest is what this very code saved. What doesn't is as good as nothing, and a line of the
 * log says so.
 */
export async function openSavedState<Progress>(
  folder: string,
  log: (line: string) => void,
): Promise<SavedState<Progress>> {
  const found = await readState<Progress>(folder).catch((error: Error) => {
    log(`what was saved can't be read, so it starts anew: ${error.message}`);
    return undefined;
  });
  let savedAt = performance.now();
  return {
    found,
    async save(state) {
      if (performance.now() - savedAt < intervalMs) return;
      const current = state();
      await writeState(folder, current);
      free(current.tensors.values());
      savedAt = performance.now();
    },
  };
}

const [stateFile, nextFile] = ["state.json", "state.json.next"];

/**
 * Writes a state beside the one before, and puts it in its place when both files are whole: `state.json` names its tensors, and
 * is renamed. A crash at any moment leaves one or the other.
 */
export async function writeState<Progress>(
  folder: string,
  { progress, tensors }: State<Progress>,
): Promise<void> {
  const name = `${crypto.randomUUID()}.safetensors`;
  await writeSafetensors(join(folder, name), tensors);
  await flush(join(folder, name));
  const digest = await digestOf(join(folder, name), JSON.stringify(progress));
  await writeFile(join(folder, nextFile), JSON.stringify({ digest, tensors: name, progress }));
  await flush(join(folder, nextFile));
  await flush(folder);
  await rename(join(folder, nextFile), join(folder, stateFile));
  await flush(folder);
  const old = (await readdir(folder)).filter((file) => file !== name && file !== stateFile);
  await Promise.all(old.map((file) => rm(join(folder, file))));
}

/** Reads what `writeState` wrote; undefined where it never came to an end. Throws where the files aren't what was written. */
export async function readState<Progress>(folder: string): Promise<State<Progress> | undefined> {
  if (!(await readdir(folder)).includes(stateFile)) return undefined;
  const { digest, tensors, progress } = JSON.parse(await readFile(join(folder, stateFile), "utf8"));
  const path = join(folder, tensors);
  if (await digestOf(path, JSON.stringify(progress)) !== digest) {
    throw new Error("the digest of what was saved differs from the one saved with it");
  }
  return { progress, tensors: await readSafetensors(path) };
}

/** SHA-256 of a file's bytes and a text. */
async function digestOf(path: string, text: string): Promise<string> {
  const hash = createHash("sha256");
  await using file = await open(path);
  for await (const bytes of file.createReadStream({ highWaterMark: 2 ** 20 })) hash.update(bytes);
  return hash.update(text).digest("hex");
}

/** Sees that a file, or a folder's entries, survive a power cut. */
async function flush(path: string): Promise<void> {
  await using handle = await open(path);
  await handle.sync();
}
