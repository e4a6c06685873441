/** Profiles: where stages say their time went, beside the results in `artifacts/profile/<stage>[/<variant>]`, and no part of them. */

import { dirname, join } from "node:path";
import { ifThere, remove } from "./atomic.ts";
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
  const text = ifThere(() => Deno.readTextFileSync(join(folder, "profile.md")));
  if (text !== undefined) return text.trimEnd().split("\n");
  remove(folder);
  return ["no profile: this stage doesn't tell where its time goes"];
}
