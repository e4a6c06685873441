import { resolve } from "node:path";
import { InputError } from "../../errors.ts";
import type { PipelineSpec } from "../file/spec.ts";
import type { KnownStage } from "../graph/description.ts";
import type { Draft } from "../graph/graph.ts";
import { statIfThere } from "../store/atomic.ts";
import type { StatCache } from "../store/stat_cache.ts";
import { BrokenModule } from "./module_graph.ts";
import { type StageCode, stageCode } from "./code.ts";
import { type Answer, describeModules } from "./describe.ts";

/** What the planner has learnt of a pipeline's stages. */
export interface LearntStages {
  readonly stages: ReadonlyMap<string, KnownStage>;
  /** Path of a module → its code. */
  readonly codes: ReadonlyMap<string, StageCode>;
}

/**
 * Reads the code of all stages, and learns from it what stages say of themselves and of their parameters.
 *
 * @throws {InputError} where a module is missing, can't be loaded or defines no stage
 */
export async function learnStages(
  spec: PipelineSpec,
  drafts: ReadonlyMap<string, readonly Draft[]>,
  root: string,
  cache: StatCache,
): Promise<LearntStages> {
  const stagesOf = Map.groupBy(
    Object.keys(spec.stages),
    (stage) => resolve(root, spec.stages[stage]?.run ?? ""),
  );
  const modules = await Promise.all([...stagesOf].map(async ([module, stages]) => {
    const written = stages.flatMap((stage) => drafts.get(stage)?.map(({ written }) => written) ?? []);
    return { module, written, code: await codeOf(module, stages, spec, root, cache) };
  }));
  const answers = await describeModules(modules, root, cache);
  const known = modules.flatMap(({ module, written }, index) => {
    const stages = stagesOf.get(module) ?? [];
    const answer = answers[index];
    if (answer?.kind !== "stage") throw unusable(spec, stages, answer);
    const readings = new Map(written.map((one, index) => [JSON.stringify(one), answer.readings[index]]));
    const read: KnownStage["read"] = (written) => {
      const reading = readings.get(JSON.stringify(written));
      if (!reading) throw new Error(`${module} wasn't asked of these parameters`);
      return reading;
    };
    return stages.map((stage) => [stage, { description: answer.description, read }] as const);
  });
  return { stages: new Map(known), codes: new Map(modules.map(({ module, code }) => [module, code])) };
}

async function codeOf(
  module: string,
  stages: readonly string[],
  spec: PipelineSpec,
  root: string,
  cache: StatCache,
): Promise<StageCode> {
  const [stage = ""] = stages;
  if (!statIfThere(module)) throw wrong(spec, stages, `no file ${spec.stages[stage]?.run}`);
  try {
    return await stageCode(module, root, cache);
  } catch (error) {
    if (!(error instanceof BrokenModule)) throw error;
    throw wrong(spec, stages, `a module that can't be loaded (${error.reason})`, error);
  }
}

function unusable(spec: PipelineSpec, stages: readonly string[], answer: Answer | undefined): InputError {
  return answer?.kind === "broken"
    ? wrong(spec, stages, `a module that can't be loaded (${answer.reason})`)
    : wrong(spec, stages, "a module that defines no stage");
}

function wrong(
  spec: PipelineSpec,
  [stage = ""]: readonly string[],
  found: string,
  cause?: unknown,
): InputError {
  return new InputError({
    at: spec.locate(["stages", stage, "run"]),
    found,
    expected: "a module with `export default defineStage({...})`",
  }, { cause });
}
