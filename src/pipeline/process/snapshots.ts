/**
 * Snapshots are copies of the user's files. Stages read these, so that what a stage reads is what its key
 * stands for, whatever happens to the files meanwhile.
 */

import { join } from "node:path";
import type { UserFiles } from "../graph/instance.ts";
import { userFolder } from "../plan/user_files.ts";
import { remove } from "../store/atomic.ts";
import { linkFile } from "../store/blobs.ts";
import { type Digest, digestOfFile } from "../store/digest.ts";
import { makeStaging, type Store } from "../store/store.ts";
import { digestOfTree } from "../store/tree.ts";

/** The snapshots of a run, which copies each content once; they are removed when it is disposed of. */
export interface Snapshots extends Disposable {
  /**
   * Makes files of the user appear at a path.
   *
   * @returns whether they were still what the digest stands for; where they weren't, the path is of no use
   */
  lay(files: UserFiles, digest: Digest, path: string): boolean;
}

/** Opens an empty collection of snapshots, which gets a folder of its own in the store when it has one. */
export function openSnapshots(store: Store): Snapshots {
  let folder: string | undefined;
  const copied = new Set<Digest>();
  const layFile = (file: string, digest: Digest, path: string): boolean => {
    const copy = join(folder ??= makeStaging(store), digest);
    if (!copied.has(digest)) {
      Deno.copyFileSync(file, copy); // which takes no room where the file system can share it
      // What counts is the copy's content, since the file may have changed while it was copied.
      if (digestOfFile(copy) !== digest) return false;
      Deno.chmodSync(copy, 0o444);
      copied.add(digest);
    }
    linkFile(copy, path);
    return true;
  };
  return {
    lay(files, digest, path) {
      const tree = userFolder(files, store.cache);
      if (!tree) return layFile(files.file, digest, path);
      if (digestOfTree(tree) !== digest) return false;
      Deno.mkdirSync(path, { recursive: true });
      return Object.entries(tree).every(([name, entry]) =>
        layFile(join(files.file, name), entry.digest, join(path, name))
      );
    },
    [Symbol.dispose]() {
      if (folder !== undefined) remove(folder);
    },
  };
}
