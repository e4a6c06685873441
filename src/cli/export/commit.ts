import { join } from "node:path";
import { ifThere } from "../../pipeline/store/atomic.ts";
import { digestOfFile } from "../../pipeline/store/digest.ts";
import type { ActionRecord } from "../../pipeline/store/record.ts";
import { git } from "../program/git.ts";

/**
 * Returns the commit that holds the code by which a result was made, if that is the one that is checked out;
 * undefined where the code has changed since, isn't committed, or git doesn't tell.
 *
 * @param root the project's folder
 */
export function commitOf({ sources = {} }: ActionRecord, root: string): string | undefined {
  const paths = Object.keys(sources);
  const isSame = paths.every((path) => ifThere(() => digestOfFile(join(root, path))) === sources[path]);
  if (paths.length === 0 || !isSame || git(root, "status", "--porcelain", "--", ...paths) !== "") {
    return undefined;
  }
  return git(root, "rev-parse", "HEAD");
}
