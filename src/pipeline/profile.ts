/** Profiles: where stages say their time went, beside the results in `artifacts/profile/<stage>[/<variant>]`, and no part of them. */

import { dirname, join } from "node:path";
import { remove } from "./atomic.ts";
import type { Store } from "./store.ts";

/** An empty folder for an instance's profile, in place of an older one. */
export function makeProfileFolder(store: Store, instance: string): string {
  const folder = join(dirname(store.root), "profile", ...instance.split("@"));
  remove(folder);
  Deno.mkdirSync(folder, { recursive: true });
  return folder;
}

/** What a stage wrote for people to read, or that it wrote nothing. */
export function profileSummary(folder: string): readonly string[] {
  try {
    return Deno.readTextFileSync(join(folder, "profile.md")).trimEnd().split("\n");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    remove(folder);
    return ["no profile: this stage doesn't tell where its time goes"];
  }
}
