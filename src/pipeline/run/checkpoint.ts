/** A checkpoint is a folder in which an attempt that is interrupted leaves something to the next one. */

import { join } from "node:path";
import type { StageCode } from "../plan/code.ts";
import type { Action } from "../plan/plan.ts";
import { stampOf } from "../process/watched_code.ts";
import { readIfThere, remove, removeIfEmpty, writeAtomically } from "../store/atomic.ts";
import { checkpointPath, namesIn, type Store } from "../store/store.ts";

export interface Checkpoint {
  /** The folder that the stage writes to. */
  readonly folder: string;
  remove(): void;
  /** Removes the folder if nothing is in it. */
  removeIfEmpty(): void;
}

/** Returns an action's checkpoint, without what an attempt with other code may have left there. */
export function checkpointOf(store: Store, { key, code }: Action): Checkpoint {
  const path = checkpointPath(store, key);
  if (code.late.length === 0) {
    return { folder: path, remove: () => remove(path), removeIfEmpty: () => removeIfEmpty(path) };
  }
  // A kill may come before anybody has looked whether the code that is imported late was still the key's, so
  // what it was is noted beside the checkpoint.
  const [folder, note] = [join(path, "files"), join(path, "late-code")];
  const stamps = stampsOf(code);
  if (readIfThere(note) !== stamps) {
    remove(path);
    writeAtomically(note, stamps);
  }
  return {
    folder,
    remove: () => remove(path),
    removeIfEmpty() {
      removeIfEmpty(folder);
      if (namesIn(path).length === 1) remove(path); // the note alone
    },
  };
}

function stampsOf({ late }: StageCode): string {
  return late.map((file) => `${stampOf(file)} ${file}\n`).join("");
}
