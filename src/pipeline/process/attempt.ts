/** An attempt at an action lays out its inputs and has an executor run its stage. */

import { join } from "node:path";
import type { Instance } from "../graph/instance.ts";
import { stageCode } from "../plan/code.ts";
import type { Action, Plan } from "../plan/plan.ts";
import { canonicalJson } from "../store/canonical_json.ts";
import { type Digest, digestOfFile } from "../store/digest.ts";
import { mapParts, partOf, type PartsByInput, singlePartOf } from "../store/input_parts.ts";
import { type ActionFile, actionFileVersion, type InputPlace } from "./action_file.ts";
import type { Conversation } from "./conversation.ts";
import type { Executed } from "./execution.ts";
import type { Executor, Staging } from "./executor.ts";
import { layInputs, type StageInputs } from "./stage_inputs.ts";
import type { WarmPlace } from "./warm.ts";
import { watchCode } from "./watched_code.ts";

/** What an attempt needs to know. */
export interface Attempt
  extends StageInputs, Pick<Conversation, "log" | "heading" | "signal" | "onProgress" | "onWait"> {
  readonly executor: Executor;
  /** The place for the stage's inputs, its output and its scratch folder. */
  readonly staging: Staging;
  readonly checkpoint: string;
  /** The folder for the stage's profile; undefined where none is asked for. */
  readonly profile: string | undefined;
  /**
   * The place of a process that may be used again: it has one from an attempt before, or keeps this
   * attempt's. Undefined where the attempt's process is its own.
   */
  readonly warm: WarmPlace | undefined;
}

export type AttemptOutcome =
  | Extract<Executed, { kind: "done" }> & {
    /** Each file of the stage's code → its digest when the attempt began. */
    readonly sources: Readonly<Record<string, Digest>>;
  }
  /**
   * Files of the user changed before the stage could read them, or the process loaded other code, or read
   * other parameters, than the action's key stands for.
   */
  | Exclude<Executed, { kind: "done" }>;

/** Runs an action's stage once. Nothing of it is kept here but the log. */
export async function attempt(plan: Plan, options: Attempt): Promise<AttemptOutcome> {
  const { instance, staging, executor, warm, signal, onProgress, onWait } = options;
  const isUntouched = watchCode(options.action.code.files); // before any of it is read
  const action = staging.underWay ?? await prepare(plan, options);
  if (!action) return { kind: "changed" };
  const outcome = await executor.execute({
    action,
    staging: staging.folder,
    isUntouched,
    warm,
    signal,
    onProgress,
    onWait,
  });
  if (outcome.kind === "failed") return withUserPaths(outcome, instance, action.inputs);
  if (outcome.kind !== "done") return outcome;
  const mistake = outputMistake(instance, [...Deno.readDirSync(outcome.output)].map(({ name }) => name));
  return mistake === undefined
    ? { ...outcome, sources: action.code }
    : { kind: "failed", reason: mistake, lastLines: [] };
}

/**
 * Lays out an action's inputs and writes down all that its stage needs. Undefined where its code or its
 * inputs are no longer what its key stands for.
 */
async function prepare(plan: Plan, options: Attempt): Promise<ActionFile | undefined> {
  const { root, store, native } = plan;
  const { instance, action, staging } = options;
  const { key, code, preImage, origins } = action;
  const current = await stageCode(instance.module, root, store.cache).catch(() => undefined); // it may not load
  if (current?.digest !== code.digest) return undefined;
  const sources = Object.fromEntries(code.files.map((file) => [file, digestOfFile(file)]));
  const inputFolder = join(staging.folder, "inputs");
  const paths = layInputs(store, options, inputFolder);
  if (!paths) return undefined;
  return {
    version: actionFileVersion,
    key,
    instance: instance.name,
    root,
    module: instance.module,
    code: sources,
    late: code.late,
    written: instance.written,
    parameters: canonicalJson(preImage.parameters),
    inputFolder,
    inputs: inputPlaces(paths, origins),
    environment: preImage.environment,
    checkpoint: options.checkpoint,
    profile: options.profile,
    log: options.log,
    heading: options.heading,
    threads: preImage.threads,
    resources: instance.resources,
    timeout: instance.timeout,
    permissions: {
      network: instance.network,
      env: instance.env,
      native: instance.description.native ? native.permissions : undefined,
    },
  };
}

function inputPlaces(
  paths: PartsByInput<string>,
  origins: Action["origins"],
): PartsByInput<InputPlace> {
  const places = Object.entries(paths).map(([name, parts]) =>
    [
      name,
      mapParts(parts, (path, variant) => {
        const origin = partOf(origins[name], variant);
        if (!origin) throw new Error(`the input ${name} has no origin`);
        return { path, digest: origin.digest };
      }),
    ] as const
  );
  return Object.fromEntries(places);
}

/** Names the user's files, in what a stage says of its failure, instead of the snapshots that it has read. */
function withUserPaths(
  { reason, lastLines, ...outcome }: Extract<Executed, { kind: "failed" }>,
  instance: Instance,
  inputs: PartsByInput<InputPlace>,
): AttemptOutcome {
  const named = (text: string) =>
    [...instance.inputs].reduce((text, [name, source]) => {
      const path = source.kind === "userFiles" ? singlePartOf(inputs[name] ?? {})?.path : undefined;
      return path === undefined || source.kind !== "userFiles" ? text : text.replaceAll(path, source.file);
    }, text);
  return { ...outcome, reason: named(reason), lastLines: lastLines.map(named) };
}

/**
 * Says what is wrong where a stage didn't write exactly the outputs that it declares.
 *
 * @param written the names of the files and folders that it wrote
 */
export function outputMistake({ description }: Instance, written: readonly string[]): string | undefined {
  const declared = Object.keys(description.outputs);
  const missing = declared.filter((name) => !written.includes(name));
  const undeclared = written.filter((name) => !declared.includes(name)).sort();
  if (missing.length > 0) return `it declares the output ${missing.join(", ")}, but didn't write it`;
  if (undeclared.length > 0) {
    return `it wrote ${undeclared.join(", ")}, which it doesn't declare as an output`;
  }
  return undefined;
}
