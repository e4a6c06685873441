/** Runs a stage for an action: stages its inputs, starts a process, follows it. */

import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Instance } from "../graph/instance.ts";
import { stageCode } from "../plan/code.ts";
import type { Action, Plan } from "../plan/plan.ts";
import { canonicalJson } from "../store/digest.ts";
import type { ActionRecord } from "../store/record.ts";
import { execute, type Execution, type Outcome } from "./conversation.ts";
import { sandboxEnvironment, sandboxFlags } from "./sandbox.ts";
import { stageInputs } from "./stage_inputs.ts";
import { startProcess } from "./stage_process.ts";
import type { WarmPlace } from "./warm.ts";

/** Where an attempt at an action leaves what. */
export interface Places {
  /** `output` in it is what the stage makes. */
  readonly staging: string;
  readonly checkpoint: string;
  readonly log: string;
  readonly profile?: string;
}

/** Runs an action's stage, and tells whether its process loaded what the key stands for. Keeps nothing. */
export async function runStage(
  { staging, checkpoint, log, profile }: Places,
  { root, store, native }: Plan,
  instance: Instance,
  action: Action,
  results: ReadonlyMap<string, ActionRecord>,
  { signal, heading, onProgress }: Pick<Execution, "signal" | "heading" | "onProgress">,
  warm?: WarmPlace,
): Promise<{ readonly outcome: Outcome; readonly asPlanned: boolean }> {
  const [output, scratch] = ["output", "scratch"].map((name) => join(staging, name));
  [output, scratch].forEach((folder) => Deno.mkdirSync(folder));
  Deno.mkdirSync(checkpoint, { recursive: true });
  const laidOut = join(staging, "inputs");
  const inputs = stageInputs(store, instance, results, laidOut);
  const { timeout } = instance;
  const limit = timeout === undefined ? undefined : AbortSignal.timeout(milliseconds(timeout));
  // What others made is in the one folder, whatever the variants' names; files of the user are where they are.
  const ofUser = [...instance.inputs.values()].flatMap((source) =>
    source.kind === "userFiles" ? source.file : []
  );
  const permissions = instance.definition.native ? native.permissions : undefined;
  // The folder above a profile's, since that may be named by variants, with commas.
  const process = warm?.process ?? startProcess({
    root,
    flags: sandboxFlags(root, {
      read: [laidOut, ...ofUser, ...action.code.files],
      write: warm ? [warm.folder] : [output, scratch, checkpoint, ...(profile ? [dirname(profile)] : [])],
      native: permissions,
      network: instance.network,
    }),
    environment: sandboxEnvironment(warm?.folder ?? scratch, permissions),
  });
  // Whether the process loaded the code, and read the parameters, that the key stands for.
  let asPlanned = Promise.resolve(false);
  const outcome = await execute(process, {
    request: {
      module: pathToFileURL(instance.module).href,
      parameters: instance.written,
      inputs,
      output,
      scratch,
      checkpoint,
      threads: action.threads,
      profile,
      parent: Deno.pid,
    },
    keep: warm !== undefined,
    log,
    heading,
    signal: limit ? AbortSignal.any([signal, limit]) : signal,
    onLoaded(parameters) {
      const sameParameters = parameters === canonicalJson(action.preImage.parameters);
      // A process that is used again has loaded this code before.
      const code = warm?.process
        ? Promise.resolve(action.code)
        : stageCode(instance.module, root, store.cache);
      asPlanned = code.then(({ digest }) => sameParameters && digest === action.code.digest, () => false);
    },
    onProgress,
  });
  if (warm) {
    warm.process = outcome.kind === "done" && await asPlanned ? process : undefined;
    if (!warm.process) await process.end();
  }
  if (outcome.kind === "stopped" && limit?.aborted && !signal.aborted) {
    const reason = `it was ended after ${timeout}, its timeout`;
    return { outcome: { kind: "failed", reason, lastLines: [] }, asPlanned: false };
  }
  return { outcome, asPlanned: await asPlanned };
}

/** Of a time such as 90s, 30m or 2h. */
function milliseconds(time: string): number {
  const unit = time.endsWith("h") ? 3_600_000 : time.endsWith("m") ? 60_000 : 1000;
  return parseInt(time) * unit;
}

/** What is wrong with what a stage wrote: exactly its declared outputs are to be there. */
export function outputMistake({ definition }: Instance, output: string): string | undefined {
  const declared = Object.keys(definition.outputs);
  const written = [...Deno.readDirSync(output)].map(({ name }) => name).sort();
  const missing = declared.filter((name) => !written.includes(name));
  const undeclared = written.filter((name) => !declared.includes(name));
  if (missing.length > 0) return `it declares the output ${missing.join(", ")}, but didn't write it`;
  if (undeclared.length > 0) {
    return `it wrote ${undeclared.join(", ")}, which it doesn't declare as an output`;
  }
  return undefined;
}
