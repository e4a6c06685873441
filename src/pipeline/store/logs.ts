/** Logs hold what stages printed. There is one file for each instance and key, also for runs that failed. */

import { join } from "node:path";
import { statIfThere } from "./atomic.ts";
import type { ActionKey } from "./digest.ts";
import { type InstanceName, parseInstanceName, stageOf } from "./instance_name.ts";
import { namesIn, type Store } from "./store.ts";

/** Returns the path of an action's log. */
export function logPath({ pipeline }: Store, instance: InstanceName, key: ActionKey): string {
  return join(pipeline.state, "logs", `${instance}-${key.slice(0, 8)}.log`);
}

export interface StageLog {
  /** The instance's name. */
  readonly name: InstanceName;
  readonly stage: string;
  readonly path: string;
}

/** Finds the newest log of each instance that has one, sorted by the instances' names. */
export function newestLogs({ pipeline }: Store): readonly StageLog[] {
  const newest = new Map<string, { readonly log: StageLog; readonly written: number }>();
  for (const file of namesIn(join(pipeline.state, "logs"))) {
    const [, text = ""] = file.match(/^(.+)-[0-9a-f]{8}\.log$/) ?? [];
    const name = parseInstanceName(text);
    if (name === undefined) continue;
    const path = join(pipeline.state, "logs", file);
    const info = statIfThere(path);
    if (!info?.isFile) continue; // a pipe, or a link that leads nowhere
    const written = info.mtime?.getTime() ?? 0;
    if (written < (newest.get(name)?.written ?? 0)) continue;
    newest.set(name, { log: { name, stage: stageOf(name), path }, written });
  }
  return [...newest.values()].map(({ log }) => log).sort((a, b) => (a.name < b.name ? -1 : 1));
}
