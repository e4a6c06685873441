/** Logs hold what stages printed. There is one file for each instance and key, also for runs that failed. */

import { join } from "node:path";
import { statIfThere } from "./atomic.ts";
import type { ActionKey } from "./digest.ts";
import { type InstanceName, parseInstanceName, stageOf } from "./instance_name.ts";
import { namesIn, type Store } from "./store.ts";

/** The last line of the log of an attempt that was stopped, such as by Ctrl-C. */
export const stoppedLine = "■ stopped before it was done";

/** Returns the path of an action's log. */
export function logPath({ pipeline }: Store, instance: InstanceName, key: ActionKey): string {
  return join(pipeline.state, "logs", `${instance}-${key.slice(0, 8)}.log`);
}

export interface StageLog {
  /** The instance's name. */
  readonly name: InstanceName;
  readonly stage: string;
  readonly path: string;
  /** The path of the instance's log of another key that was written before this one; undefined without one. */
  readonly before: string | undefined;
}

/** Finds the newest log of each instance that has one, sorted by the instances' names. */
export function newestLogs({ pipeline }: Store): readonly StageLog[] {
  const logs = namesIn(join(pipeline.state, "logs")).flatMap((file) => {
    const [, text = ""] = file.match(/^(.+)-[0-9a-f]{8}\.log$/) ?? [];
    const name = parseInstanceName(text);
    if (name === undefined) return [];
    const path = join(pipeline.state, "logs", file);
    const info = statIfThere(path);
    if (!info?.isFile) return []; // a pipe, or a link that leads nowhere
    return [{ name, path, written: info.mtime?.getTime() ?? 0 }];
  });
  const newestFirst = logs.sort((a, b) => b.written - a.written);
  return [...Map.groupBy(newestFirst, ({ name }) => name)]
    .flatMap(([name, [newest, before]]) =>
      newest ? [{ name, stage: stageOf(name), path: newest.path, before: before?.path }] : []
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
