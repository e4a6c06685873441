import { relative } from "node:path";
import type { Instance } from "../graph/instance.ts";
import type { Action } from "../plan/plan.ts";
import type { AttemptOutcome } from "../process/attempt.ts";
import { userFolderListings } from "../plan/user_files.ts";
import { signAction } from "../provenance/signatures.ts";
import { storeFolder, storeText } from "../store/blobs.ts";
import { whileShared } from "../store/locks.ts";
import type { ActionRecord } from "../store/record.ts";
import { writeRecord } from "../store/results.ts";
import { digestOfTree } from "../store/tree.ts";
import type { CurrentRun } from "./current_run.ts";

/**
 * Keeps what an attempt made as its action's result, and claims it for the run. The store is shared until
 * both are done, so that no clean-up comes between.
 *
 * @param made what the attempt made; its output's files move into the store
 */
export function keep(
  { plan, options: { privateKey }, claims }: CurrentRun,
  instance: Instance,
  action: Action,
  made: Extract<AttemptOutcome, { kind: "done" }>,
  how: Pick<ActionRecord, "started" | "ended" | "cost" | "log">,
): ActionRecord {
  const { root, store } = plan;
  const { key, preImage, code, origins } = action;
  return whileShared(store.root, () => {
    storeText(store, code.manifest);
    userFolderListings(instance.inputs.values(), store.cache).forEach((listing) => storeText(store, listing));
    const files = storeFolder(store, made.output);
    const record: ActionRecord = {
      key,
      preImage,
      instance: instance.name,
      module: relative(root, instance.module),
      inputs: origins,
      tree: digestOfTree(files),
      files,
      sources: Object.fromEntries(
        Object.entries(made.sources).map(([file, digest]) => [relative(root, file), digest]),
      ),
      native: instance.description.native ?? false,
      ...how,
    };
    writeRecord(store, record);
    claims.add(record);
    if (privateKey) signAction(store, record, privateKey);
    return record;
  });
}
