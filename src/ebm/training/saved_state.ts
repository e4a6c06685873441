import { createHash } from "node:crypto";
import { open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Weights } from "../../graph/weights.ts";
import { readSafetensors, writeSafetensors } from "../../nn/safetensors.ts";
import { free } from "./weights.ts";

/** All that a stage needs to resume as if it had never been interrupted. */
export interface State<Progress> {
  /** How far the stage is, in values that JSON can hold. */
  readonly progress: Progress;
  readonly tensors: Weights;
}

/** The state that attempts at a stage save, the next one for itself to find. */
export interface SavedState<Progress> {
  /** The state that an earlier attempt saved last; undefined where there is none. */
  readonly found: State<Progress> | undefined;
  /**
   * Asks for the state and saves it, if half a minute has passed since the last time, and frees its tensors.
   */
  save(state: () => State<Progress>): Promise<void>;
  /** Saves the state, however short the time since the last one. */
  saveNow(state: () => State<Progress>): Promise<void>;
}

const intervalMs = 30_000;

/**
 * Opens the state that a stage keeps in its checkpoint folder. A state that agrees with its digest was saved
 * by this very code, because the folder belongs to one action and the action's key covers the code. A state
 * that doesn't agree is ignored, and the log says so.
 */
export async function openSavedState<Progress>(
  folder: string,
  log: (line: string) => void,
): Promise<SavedState<Progress>> {
  const found = await readState<Progress>(folder).catch((error: Error) => {
    log(`the saved state can't be read, so the stage starts anew: ${error.message}`);
    return undefined;
  });
  let savedAt = performance.now();
  const saveNow = async (state: () => State<Progress>) => {
    const current = state();
    await writeState(folder, current);
    free(current.tensors.values());
    savedAt = performance.now();
  };
  return {
    found,
    saveNow,
    async save(state) {
      if (performance.now() - savedAt >= intervalMs) await saveNow(state);
    },
  };
}

const [stateFile, nextFile] = ["state.json", "state.json.next"];

/**
 * Writes a state beside the previous one and then replaces it in one act, by renaming `state.json`, which
 * names the file of its tensors. So a crash at any moment leaves one state or the other, and never half of
 * one.
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

/**
 * Reads the state that `writeState` wrote; undefined where none was finished. Throws where the files have
 * changed since.
 */
export async function readState<Progress>(folder: string): Promise<State<Progress> | undefined> {
  if (!(await readdir(folder)).includes(stateFile)) return undefined;
  const { digest, tensors, progress } = JSON.parse(await readFile(join(folder, stateFile), "utf8"));
  const path = join(folder, tensors);
  if (await digestOf(path, JSON.stringify(progress)) !== digest) {
    throw new Error("the digest of what was saved differs from the one saved with it");
  }
  return { progress, tensors: await readSafetensors(path) };
}

/** Returns the SHA-256 digest of a file's bytes followed by a text. */
async function digestOf(path: string, text: string): Promise<string> {
  const hash = createHash("sha256");
  await using file = await open(path);
  for await (const bytes of file.createReadStream({ highWaterMark: 2 ** 20 })) hash.update(bytes);
  return hash.update(text).digest("hex");
}

/** Makes sure that a file, or a folder's list of entries, survives a power cut. */
async function flush(path: string): Promise<void> {
  await using handle = await open(path);
  await handle.sync();
}
