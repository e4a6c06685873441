/**
 * A plan is a pipeline file with its stages, read and checked; an action is an instance with all that its
 * result depends on.
 */

import type { KeyObject } from "node:crypto";
import { join, resolve } from "node:path";
import { type Capacity, readPipeline } from "../file/spec.ts";
import { buildGraph, draftInstances } from "../graph/graph.ts";
import type { Instance } from "../graph/instance.ts";
import type { ActionKey } from "../store/digest.ts";
import type { PartsByInput } from "../store/input_parts.ts";
import { type InputOrigin, keyOf, type PreImage } from "../store/record.ts";
import { openStore, type Store } from "../store/store.ts";
import type { StageCode } from "./code.ts";
import { learnStages } from "./learn.ts";
import { inputOrigins, preImageOf, type Results } from "./key.ts";

/** What the engine has to know of native stages. It is told this, since it knows nothing of tensors. */
export interface NativeSupport {
  readonly permissions: NativePermissions;
  /** Returns what may change a native stage's results: library versions, precision, kind of device. */
  facts(): Readonly<Record<string, string>>;
}

/** What Deno must allow a native stage besides. Paths are relative to the project's folder. */
export interface NativePermissions {
  readonly read: readonly string[];
  readonly env: readonly string[];
  readonly ffi: readonly string[];
  readonly sys: readonly string[];
  /** Environment variables that the stage's process gets from the user's, for its libraries to read. */
  readonly passed: readonly string[];
}

export interface Plan {
  /** The project's folder. */
  readonly root: string;
  readonly store: Store;
  /** The pipeline's instances, each after those that it needs. */
  readonly instances: readonly Instance[];
  /** Path of a stage's module → its code when the plan was made. */
  readonly codes: ReadonlyMap<string, StageCode>;
  readonly native: NativeSupport;
  readonly capacity: Capacity;
  /** The public keys that the user trusts. A result whose signature doesn't hold is none. */
  readonly publicKeys: readonly KeyObject[];
}

export interface PlanOptions {
  /** The project's folder, which paths in the pipeline file are relative to. */
  readonly root: string;
  /** The pipeline file. */
  readonly file: string;
  /** Files to lay over it, in this order. */
  readonly overlays: readonly string[];
  /** Assignments given by `--set`. */
  readonly settings: readonly string[];
  readonly native: NativeSupport;
  readonly publicKeys: readonly KeyObject[];
}

/**
 * Reads a pipeline file and the stages that it names.
 *
 * @throws {InputError} for the first mistake
 */
export async function makePlan(options: PlanOptions): Promise<Plan> {
  const { root, file, overlays, settings, native, publicKeys } = options;
  const store = openStore(join(root, "artifacts", ".store"), resolve(root, file));
  const spec = readPipeline(file, settings, overlays, store.cache);
  const drafts = draftInstances(spec);
  const { stages, codes } = await learnStages(spec, drafts, root, store.cache);
  const instances = buildGraph(spec, drafts, stages, root);
  return { root, store, instances, codes, native, capacity: spec.resources, publicKeys };
}

/** What keys depend on besides instances. */
export interface Surroundings {
  /** Path of a stage's module → its code. */
  readonly codes: ReadonlyMap<string, StageCode>;
  readonly facts: Readonly<Record<string, string>>;
}

/** An instance together with all that its result depends on. */
export interface Action {
  readonly key: ActionKey;
  readonly preImage: PreImage;
  readonly code: StageCode;
  readonly origins: PartsByInput<InputOrigin>;
}

/** Reads, where one of these instances is of a native stage, the environment's facts. */
export function readSurroundings(plan: Plan, instances: readonly Instance[]): Surroundings {
  const anyNative = instances.some(({ description }) => description.native);
  return { codes: plan.codes, facts: anyNative ? plan.native.facts() : {} };
}

/**
 * Determines the action that makes an instance's result.
 *
 * @param results the records of the instances that this one follows
 * @throws {InputError} where files of the user are missing
 */
export function actionOf(
  plan: Plan,
  { codes, facts }: Surroundings,
  instance: Instance,
  results: Results,
): Action {
  const code = codes.get(instance.module);
  if (!code) throw new Error(`the code of ${instance.name} was not read`);
  const environment = { deno: Deno.version.deno, ...(instance.description.native ? facts : {}) };
  const origins = inputOrigins(instance, results, plan.store.cache);
  const preImage = preImageOf(instance, code, origins, environment);
  return { key: keyOf(preImage), preImage, code, origins };
}
