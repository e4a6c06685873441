/** Performs one action: stages its inputs, runs the stage, checks and keeps what it made. */

import type { KeyObject } from "node:crypto";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { remove } from "./atomic.ts";
import { stageCode } from "./code.ts";
import { canonicalJson, digestOfFile } from "./digest.ts";
import { folderListings } from "./files.ts";
import { digestOfTree } from "./tree.ts";
import { execute, type Outcome, type Progress } from "./execute.ts";
import type { Instance } from "./graph.ts";
import { logPath } from "./logs.ts";
import { type Action, actionOf, type Plan, type Surroundings } from "./plan.ts";
import { signAction } from "./provenance/signatures.ts";
import type { ActionRecord } from "./record.ts";
import { sandboxEnvironment, sandboxFlags } from "./sandbox.ts";
import { stageInputs } from "./stage_inputs.ts";
import { makeStaging, storeFolder, storeText, writeRecord } from "./store.ts";

export type Performed =
  | { readonly kind: "done"; readonly record: ActionRecord; readonly summary: readonly string[] }
  | { readonly kind: "stopped" }
  | {
    readonly kind: "failed";
    readonly reason: string;
    /** Of the log, where they say more than the reason. */
    readonly lastLines: readonly string[];
    readonly log: string;
  };

export interface Hooks {
  readonly signal: AbortSignal;
  readonly privateKey: KeyObject | undefined;
  onProgress(progress: Progress): void;
}

type Results = ReadonlyMap<string, ActionRecord>;

/** Nothing is kept of an action that fails or is stopped, but its log. */
export async function perform(
  plan: Plan,
  surroundings: Surroundings,
  instance: Instance,
  results: Results,
  hooks: Hooks,
): Promise<Performed> {
  const action = actionOf(plan, surroundings, instance, results);
  const log = logPath(plan.store, instance.name, action.key);
  const staging = makeStaging(plan.store);
  const failed = (reason: string, lastLines: readonly string[] = []): Performed => ({
    kind: "failed",
    reason,
    lastLines,
    log,
  });
  try {
    const started = new Date();
    const { outcome, asPlanned } = await runIn(staging, plan, instance, action, results, log, hooks);
    if (outcome.kind === "stopped") return outcome;
    if (outcome.kind === "failed") return failed(outcome.reason, outcome.lastLines);
    if (!asPlanned || actionOf(plan, surroundings, instance, results).key !== action.key) {
      return failed("its code or its inputs changed while it ran, so its result isn't kept: run it again");
    }
    const wrong = outputMistake(instance, join(staging, "output"));
    if (wrong) return failed(wrong);
    const record = keep(plan, instance, action, join(staging, "output"), started, log);
    if (hooks.privateKey) signAction(plan.store, record, hooks.privateKey);
    return { kind: "done", record, summary: outcome.summary };
  } catch (error) {
    return failed(`its result can't be kept (${error instanceof Error ? error.message : error})`);
  } finally {
    remove(staging);
  }
}

async function runIn(
  staging: string,
  { root, store, native }: Plan,
  instance: Instance,
  action: Action,
  results: Results,
  log: string,
  { signal, onProgress }: Hooks,
): Promise<{ readonly outcome: Outcome; readonly asPlanned: boolean }> {
  const [output, scratch] = ["output", "scratch"].map((name) => join(staging, name));
  [output, scratch].forEach((folder) => Deno.mkdirSync(folder));
  const inputs = stageInputs(store, instance, results, join(staging, "inputs"));
  const readable = Object.values(inputs).flatMap((variants) => Object.values(variants));
  // Whether the process loaded the code, and read the parameters, that the key stands for.
  let asPlanned = Promise.resolve(false);
  const outcome = await execute({
    root,
    request: {
      module: pathToFileURL(instance.module).href,
      parameters: instance.written,
      inputs,
      output,
      scratch,
      threads: action.threads,
      parent: Deno.pid,
    },
    flags: sandboxFlags(root, {
      read: [...readable, ...action.code.files],
      write: [output, scratch],
      native: instance.definition.native ? native.permissions : undefined,
    }),
    environment: sandboxEnvironment(scratch),
    log,
    signal,
    onLoaded(parameters) {
      const sameParameters = parameters === canonicalJson(action.preImage.parameters);
      asPlanned = stageCode(instance.module, root, store.cache)
        .then(({ digest }) => sameParameters && digest === action.code.digest, () => false);
    },
    onProgress,
  });
  return { outcome, asPlanned: await asPlanned };
}

/** What is wrong with what a stage wrote: exactly its declared outputs are to be there. */
function outputMistake({ definition }: Instance, output: string): string | undefined {
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

function keep(
  { root, store }: Plan,
  instance: Instance,
  { key, preImage, code, origins }: Action,
  output: string,
  started: Date,
  log: string,
): ActionRecord {
  storeText(store, code.manifest);
  folderListings(instance.inputs.values(), store.cache).forEach((listing) => storeText(store, listing));
  const files = storeFolder(store, output);
  const record: ActionRecord = {
    key,
    preImage,
    instance: instance.name,
    module: relative(root, instance.module),
    inputs: origins,
    tree: digestOfTree(files),
    files,
    sources: Object.fromEntries(code.files.map((file) => [relative(root, file), digestOfFile(file)])),
    native: instance.definition.native ?? false,
    started: started.toISOString(),
    ended: new Date().toISOString(),
    log: relative(store.root, log),
  };
  writeRecord(store, record);
  return record;
}
