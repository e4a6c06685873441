/** A stage's code is watched while the stage runs, since its key stands for what the code was before. */

import { statIfThere } from "../store/atomic.ts";

/** Returns a function that says whether none of these files, or of some of them, was written to since. */
export function watchCode(files: readonly string[]): (files: readonly string[]) => boolean {
  const stamps = new Map(files.map((file) => [file, stampOf(file)]));
  return (files) => files.every((file) => stampOf(file) === stamps.get(file));
}

/** Returns a text that is another one when the file has been written to, even if it says the same again. */
export function stampOf(file: string): string {
  const info = statIfThere(file);
  return `${info?.size} ${info?.mtime?.getTime()} ${info?.ctime?.getTime()} ${info?.ino}`;
}
