/** Makes instances of a checked pipeline file's stages, in an order in which each follows what it needs. */

import { isAbsolute, resolve } from "node:path";
import { z } from "zod";
import { InputError, type Location } from "../../errors.ts";
import { suggestion } from "../../nearest.ts";
import { notJson, outsideJson } from "../file/json_value.ts";
import { resolveReferences } from "../file/references.ts";
import type { PipelineSpec, StageSpec } from "../file/spec.ts";
import { type Locate, validate } from "../file/validate.ts";
import { instanceName } from "../store/instance_name.ts";
import type { Instance, Source } from "./instance.ts";
import type { AnyStage } from "./load.ts";
import { type Variant, variantsOf } from "./matrix.ts";
import { topologicalOrder } from "./order.ts";

/**
 * Expands matrices, checks parameters and inputs against each stage's definition, and sorts the instances.
 *
 * @param root the folder that paths in the pipeline file are relative to
 * @throws {InputError} for the first mistake, with its place in the pipeline file
 */
export function buildGraph(
  spec: PipelineSpec,
  definitions: ReadonlyMap<string, AnyStage>,
  root: string,
): readonly Instance[] {
  const variants = new Map(
    Object.entries(spec.stages).map(([stage, { matrix }]) =>
      [stage, variantsOf(matrix, spec.locate, ["stages", stage, "matrix"])] as const
    ),
  );
  const known: Known = { spec, definitions, variants, root };
  const instances = [...variants].flatMap(([stage, variants]) =>
    variants.map((variant) => buildInstance(known, stage, variant))
  );
  return topologicalOrder(instances, spec.locate);
}

const longestName = 200; // letters; the longest file name is of 255, and some have more than an instance's name

interface Known {
  readonly spec: PipelineSpec;
  readonly definitions: ReadonlyMap<string, AnyStage>;
  readonly variants: ReadonlyMap<string, readonly Variant[]>;
  readonly root: string;
}

function buildInstance(known: Known, stage: string, variant: Variant): Instance {
  const { spec: { stages, locate }, definitions, root } = known;
  const [definition, spec] = [definitions.get(stage), stages[stage]];
  if (!definition || !spec) throw new Error(`the stage ${stage} was not loaded`);
  const { run, params, needs, resources, timeout, retries, cache, network } = spec;
  const resolved = <T>(value: T, key: string) =>
    resolveReferences(value, { matrix: variant.values }, locate, ["stages", stage, key]) as T;
  const written = resolved(params, "params");
  const parameters = parametersOf(
    definition,
    written,
    (path, part) => locate(["stages", stage, "params", ...path], part),
  );
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
    definition,
    written,
    parameters,
    resources,
    timeout,
    retries,
    cache,
    network,
    inputs: wireInputs(known, stage, definition, parameters, resolved(needs, "needs")),
  };
}

/**
 * Returns the parameters as the stage's schema reads them.
 *
 * @throws {InputError} for a mistake in them, and for a schema that doesn't make JSON of them
 */
function parametersOf(
  { parameters: schema }: AnyStage,
  written: unknown,
  locate: Locate,
): Readonly<Record<string, unknown>> {
  const parameters = validated(schema, written, locate);
  const outside = outsideJson(written); // such as an infinity, where the schema takes any value
  if (outside) throw notJson(outside, locate(outside.path), "Write another value.");
  const made = outsideJson(parameters);
  if (!made) return parameters;
  throw notJson(
    { ...made, found: `${made.found}, which the stage's schema makes of this` },
    locate(made.path),
    "Let the schema keep what is written, and convert it in the stage's `run`.",
  );
}

function validated(schema: AnyStage["parameters"], written: unknown, locate: Locate) {
  try {
    return validate(schema, written, locate);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const isAsync = error instanceof z.core.$ZodAsyncError;
    throw new InputError({
      at: locate([]),
      found: isAsync
        ? "a schema with an asynchronous check"
        : `a schema that fails (${error instanceof Error ? error.message : error})`,
      expected: "one that says at once whether these parameters are right",
      fix: "Check them in the stage's `run` instead.",
    }, { cause: error });
  }
}

function wireInputs(
  known: Known,
  stage: string,
  definition: AnyStage,
  parameters: Readonly<Record<string, unknown>>,
  needs: StageSpec["needs"],
): ReadonlyMap<string, Source> {
  const { locate } = known.spec;
  for (const name of Object.keys(needs)) {
    if (Object.hasOwn(definition.inputs, name)) continue;
    throw new InputError({
      at: locate(["stages", stage, "needs", name], "key"),
      found: `unknown input "${name}"`,
      expected: `one that the stage ${stage} declares`,
      fix: suggestion(name, Object.keys(definition.inputs)),
    });
  }
  const inputs = new Map<string, Source>();
  for (const [name, { description, many = false, when }] of Object.entries(definition.inputs)) {
    if (when && !when(parameters)) continue;
    if (!Object.hasOwn(needs, name)) {
      throw new InputError({
        at: locate(["stages", stage], "key"),
        found: `no input "${name}"`,
        expected: `it under \`needs\`: ${description}`,
        fix: `Add \`needs: { ${name}: … }\`: a stage, stage:path, or ./path for your own files.`,
      });
    }
    inputs.set(
      name,
      sourceOf(known, String(needs[name]), many, () => locate(["stages", stage, "needs", name])),
    );
  }
  return inputs;
}

/**
 * Reads what a pipeline file writes for an input: `stage`, `stage:path`, `stage@variant`,
 * `stage@variant:path`, `stage@*`, or `./path`.
 */
function sourceOf(known: Known, text: string, many: boolean, at: () => Location): Source {
  const wrong = (found: string, expected: string, fix?: string) =>
    new InputError({ at: at(), found, expected, fix });
  if (/^\.{0,2}\//.test(text) || isAbsolute(text)) {
    if (many) throw wrong(`the files ${text}`, "several instances of a stage, as in evaluate@*");
    return { kind: "userFiles", file: resolve(known.root, text), written: text, at };
  }
  const [, stage, wanted, path] = text.match(/^([^@:]+)(?:@([^:]+))?(?::(.+))?$/) ?? [];
  const variants = stage === undefined ? undefined : known.variants.get(stage);
  if (stage === undefined || !variants) {
    throw wrong(
      `the input "${text}"`,
      "a stage, or ./path for your own files",
      suggestion(stage ?? text, known.variants.keys()),
    );
  }
  requireOutput(known, stage, path, at);
  const names = variants.flatMap(({ name }) => name ?? []);
  if ((wanted === "*") !== many || (many && names.length === 0)) {
    throw wrong(
      `"${text}"`,
      many ? "all instances of a stage with a matrix, as in evaluate@*" : "one instance",
      names.length > 0 ? `Write ${many ? `${stage}@*` : `${stage}@${names[0]}`}.` : undefined,
    );
  }
  if (many) {
    const instances = names.map((name) => [name, instanceName(stage, name)] as const);
    return { kind: "outputs", variants: new Map(instances.sort(([a], [b]) => (a < b ? -1 : 1))), path };
  }
  if (!variants.some(({ name }) => name === wanted)) {
    throw names.length === 0
      ? wrong(`"${text}"`, `"${stage}", which has no matrix`)
      : wrong(`"${text}"`, `a variant of ${stage}`, suggestion(wanted ?? "", names));
  }
  return { kind: "output", instance: instanceName(stage, wanted), path };
}

function requireOutput(
  { definitions }: Known,
  stage: string,
  path: string | undefined,
  at: () => Location,
): void {
  if (path === undefined) return;
  const outputs = Object.keys(definitions.get(stage)?.outputs ?? {});
  const [first = path, ...rest] = path.split("/");
  if (outputs.includes(first) && !rest.some((part) => part === "" || part === "." || part === "..")) return;
  throw new InputError({
    at: at(),
    found: `the output "${path}" of ${stage}`,
    expected: "one that it declares",
    fix: suggestion(first, outputs),
  });
}
