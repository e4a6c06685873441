/**
 * A profile says where a stage's time went. It lies beside the results, in
 * `artifacts/profile/<stage>[/<variant>]`, and is no part of them.
 */

import { join } from "node:path";
import { readIfThere, remove } from "./atomic.ts";
import { folderOf, type InstanceName } from "./instance_name.ts";
import type { Store } from "./store.ts";

/** Makes an empty folder for an instance's profile, in place of an older one. */
export function makeProfileFolder(store: Store, instance: InstanceName): string {
  const folder = join(store.pipeline.views, "profile", folderOf(instance));
  remove(folder);
  Deno.mkdirSync(folder, { recursive: true });
  return folder;
}

/** Returns the lines of the profile that a stage wrote for people, or one that says that it wrote none. */
export function profileSummary(folder: string): readonly string[] {
  const text = readIfThere(join(folder, "profile.md"));
  if (text !== undefined) return text.trimEnd().split("\n");
  remove(folder);
  return ["no profile: this stage doesn't tell where its time goes"];
}
