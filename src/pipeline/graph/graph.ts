/** Makes instances of a checked pipeline file's stages, in an order in which each follows what it needs. */

import { isAbsolute, resolve } from "node:path";
import { InputError, type Location } from "../../errors.ts";
import { suggestion } from "../../nearest.ts";
import { notJson, outsideJson } from "../file/json_value.ts";
import { resolveReferences } from "../file/references.ts";
import type { PipelineSpec, StageSpec } from "../file/spec.ts";
import { type Locate, mistakeAt } from "../file/validate.ts";
import { instanceName } from "../store/instance_name.ts";
import type { KnownStage, StageDescription } from "./description.ts";
import type { Instance, Source } from "./instance.ts";
import { type Variant, variantsOf } from "./matrix.ts";
import { globMatcher } from "./glob.ts";
import { topologicalOrder } from "./order.ts";

/** An instance of which only its own part of the pipeline file has been read. */
export interface Draft {
  readonly variant: Variant;
  /** Parameters as written, with references replaced. */
  readonly written: Readonly<Record<string, unknown>>;
}

/**
 * Expands matrices: stage name → what its instances write for its parameters.
 *
 * @throws {InputError} for the first mistake in a matrix or a reference
 */
export function draftInstances({ stages, locate }: PipelineSpec): ReadonlyMap<string, readonly Draft[]> {
  const drafts = Object.entries(stages).map(([stage, { matrix, params }]) => {
    const variants = variantsOf(matrix, locate, ["stages", stage, "matrix"]);
    return [stage, variants.map((variant) => draftOf(stage, variant, params, locate))] as const;
  });
  return new Map(drafts);
}

function draftOf(stage: string, variant: Variant, params: StageSpec["params"], locate: Locate): Draft {
  const path = ["stages", stage, "params"];
  const written = resolveReferences(params, { matrix: variant.values }, locate, path) as StageSpec["params"];
  const outside = outsideJson(written);
  if (outside) throw notJson(outside, locate([...path, ...outside.path]), "Write another value.");
  return { variant, written };
}

/**
 * Checks the drafts' parameters and inputs against what each stage says of itself, and sorts the instances.
 *
 * @param root the folder that paths in the pipeline file are relative to
 * @throws {InputError} for the first mistake, with its place in the pipeline file
 */
export function buildGraph(
  spec: PipelineSpec,
  drafts: ReadonlyMap<string, readonly Draft[]>,
  knownStages: ReadonlyMap<string, KnownStage>,
  root: string,
): readonly Instance[] {
  const known: Known = { spec, knownStages, drafts, root };
  const instances = [...drafts].flatMap(([stage, drafts]) =>
    drafts.map((draft) => buildInstance(known, stage, draft))
  );
  return topologicalOrder(instances, spec.locate);
}

const longestName = 200; // letters; the longest file name is of 255, and some have more than an instance's name

interface Known {
  readonly spec: PipelineSpec;
  readonly knownStages: ReadonlyMap<string, KnownStage>;
  readonly drafts: ReadonlyMap<string, readonly Draft[]>;
  readonly root: string;
}

function buildInstance(known: Known, stage: string, { variant, written }: Draft): Instance {
  const { spec: { stages, locate }, knownStages, root } = known;
  const [knownStage, spec] = [knownStages.get(stage), stages[stage]];
  if (!knownStage || !spec) throw new Error(`the stage ${stage} was not loaded`);
  const { run, needs, resources, timeout, retries, cache, network, env } = spec;
  const reading = knownStage.read(written);
  if (reading.kind === "mistake") {
    throw mistakeAt(reading.mistake, (path, part) => locate(["stages", stage, "params", ...path], part));
  }
  const name = instanceName(stage, variant.name);
  if (name.length > longestName) {
    throw new InputError({
      at: locate(["stages", stage], "key"),
      found: `an instance whose name has ${name.length} letters (${name.slice(0, 60)}…)`,
      expected: `at most ${longestName}, since files are named by it`,
    });
  }
  return {
    name,
    stage,
    variant: variant.name,
    module: resolve(root, run),
    description: knownStage.description,
    written,
    parameters: reading.parameters,
    work: reading.work,
    resources,
    timeout,
    retries,
    cache,
    network,
    env,
    inputs: wireInputs(
      known,
      stage,
      knownStage.description,
      reading.unused,
      resolveReferences(
        needs,
        { matrix: variant.values },
        locate,
        ["stages", stage, "needs"],
      ) as StageSpec["needs"],
    ),
  };
}

function wireInputs(
  known: Known,
  stage: string,
  description: StageDescription,
  unused: readonly string[],
  needs: StageSpec["needs"],
): ReadonlyMap<string, Source> {
  const { locate } = known.spec;
  for (const name of Object.keys(needs)) {
    if (Object.hasOwn(description.inputs, name)) continue;
    throw new InputError({
      at: locate(["stages", stage, "needs", name], "key"),
      found: `unknown input "${name}"`,
      expected: `one that the stage ${stage} declares`,
      fix: suggestion(name, Object.keys(description.inputs)),
    });
  }
  const inputs = new Map<string, Source>();
  for (const [name, input] of Object.entries(description.inputs)) {
    if (unused.includes(name)) continue;
    if (!Object.hasOwn(needs, name)) {
      throw new InputError({
        at: locate(["stages", stage], "key"),
        found: `no input "${name}"`,
        expected: `it under \`needs\`: ${input.description}`,
        fix: `Add \`needs: { ${name}: … }\`: a stage, stage:path, or ./path for your own files.`,
      });
    }
    inputs.set(
      name,
      sourceOf(
        known,
        String(needs[name]),
        input.many ?? false,
        () => locate(["stages", stage, "needs", name]),
      ),
    );
  }
  return inputs;
}

/**
 * Reads what a pipeline file writes for an input: `stage`, `stage:path`, `stage@variant`,
 * `stage@variant:path`, `./path`, or, where an input takes several, a glob such as `stage@*`.
 */
function sourceOf(known: Known, text: string, many: boolean, at: () => Location): Source {
  const wrong = (found: string, expected: string, fix?: string) =>
    new InputError({ at: at(), found, expected, fix });
  if (/^\.{0,2}\//.test(text) || isAbsolute(text)) {
    return { kind: "userFiles", file: resolve(known.root, text), written: text, at };
  }
  const [, stage, wanted, path] = text.match(/^([^@:]+)(?:@([^:]+))?(?::(.+))?$/) ?? [];
  const variants = stage === undefined ? undefined : known.drafts.get(stage)?.map(({ variant }) => variant);
  if (stage === undefined || !variants) {
    throw wrong(
      `the input "${text}"`,
      "a stage, or ./path for your own files",
      suggestion(stage ?? text, known.drafts.keys()),
    );
  }
  requireOutput(known, stage, path, at);
  const names = variants.flatMap(({ name }) => name ?? []);
  if (wanted?.includes("*")) {
    const chosen = names.filter(globMatcher(wanted)).sort();
    if (many && chosen.length > 0) {
      return {
        kind: "outputs",
        variants: new Map(chosen.map((name) => [name, instanceName(stage, name)])),
        path,
      };
    }
    throw names.length === 0
      ? wrong(`"${text}"`, `"${stage}", which has no matrix`)
      : many
      ? wrong(`"${text}"`, `instances that there are, such as ${stage}@${names[0]}`)
      : wrong(`"${text}"`, "one instance", `Write ${stage}@${names[0]}.`);
  }
  if (!variants.some(({ name }) => name === wanted)) {
    throw names.length === 0
      ? wrong(`"${text}"`, `"${stage}", which has no matrix`)
      : wanted === undefined
      ? wrong(
        `"${text}"`,
        many ? "instances of it" : "one instance",
        `Write ${stage}@${many ? "*" : names[0]}.`,
      )
      : wrong(`"${text}"`, `a variant of ${stage}`, suggestion(wanted, names));
  }
  return { kind: "output", instance: instanceName(stage, wanted), path };
}

function requireOutput(
  { knownStages }: Known,
  stage: string,
  path: string | undefined,
  at: () => Location,
): void {
  if (path === undefined) return;
  const outputs = Object.keys(knownStages.get(stage)?.description.outputs ?? {});
  const [first = path, ...rest] = path.split("/");
  if (outputs.includes(first) && !rest.some((part) => part === "" || part === "." || part === "..")) return;
  throw new InputError({
    at: at(),
    found: `the output "${path}" of ${stage}`,
    expected: "one that it declares",
    fix: suggestion(first, outputs),
  });
}
