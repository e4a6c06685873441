/**
 * A spec is what a pipeline file says, checked: the first half of planning, of which graph/graph.ts is the
 * second.
 */

import { z } from "zod";
import { InputError } from "../../errors.ts";
import { reservedNames, stageNamePattern } from "../store/instance_name.ts";
import type { StatCache } from "../store/stat_cache.ts";
import { readDocument, type SourceDocument } from "./document.ts";
import { applyOverlays } from "./overlay.ts";
import { applyOverrides } from "./overrides.ts";
import { resolveReferences } from "./references.ts";
import { timeoutSchema } from "./timeout.ts";
import { type Locate, validate } from "./validate.ts";

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const stageName = z.string().regex(
  stageNamePattern,
  "lower-case letters, digits and hyphens, a letter first",
).superRefine((name, { addIssue }) => {
  if (!Object.hasOwn(reservedNames, name)) return;
  addIssue(`another name: artifacts/${name} holds ${reservedNames[name]}`);
});
const memberName = z.string().regex(
  /^[A-Za-z_][\w-]*$/,
  "letters, digits, hyphens and underscores, a letter first",
);

const entries = z.array(z.record(memberName, scalar)).optional();
const matrixSchema = z.object({
  exclude: entries.describe("Leaves out the combinations that have all values of an entry."),
  include: entries.describe(
    "Adds an entry's other values to the combinations that have its values of dimensions, or one more instance.",
  ),
}).catchall(z.array(scalar).min(1)).superRefine((matrix, { addIssue }) => {
  for (const name of Object.keys(matrix).filter((name) => !memberName.safeParse(name).success)) {
    addIssue({
      code: "custom",
      path: [name],
      message: "a dimension of letters, digits, hyphens and underscores, a letter first",
    });
  }
});

const stageSchema = z.strictObject({
  run: z.string().describe("The stage's module, relative to the project's folder."),
  needs: z.record(memberName, z.string()).default({}).describe(
    "Input name → stage, stage:path, stage@variant or ./path.",
  ),
  params: z.record(z.string(), z.unknown()).default({}).describe("The stage's parameters."),
  matrix: matrixSchema.default({})
    .describe("Dimension → its values: one instance of the stage for each combination."),
  resources: z.object({
    cpu: z.int().min(1).default(1).describe("CPU threads that an instance takes."),
  }).catchall(z.number().min(0)).prefault({}).describe(
    "Resource → how much of it an instance takes while it runs.",
  ),
  timeout: timeoutSchema.optional().describe(
    "How long an instance may run before it is ended, and has failed.",
  ),
  retries: z.int().min(0).max(100).default(0).describe("How often to try again after a failure."),
  cache: z.boolean().default(true).describe("false: runs each time, whether or not there is a result."),
  network: z.boolean().default(false).describe("Whether the stage may use the network."),
  env: z.array(z.string().regex(/^[A-Za-z_]\w*$/, "the name of an environment variable")).default([])
    .describe(
      "Environment variables that a stage with `network: true` gets, to reach what it needs: a token, a proxy. " +
        "They enter no key.",
    ),
}).refine(({ network, env }) => network || env.length === 0, {
  error: "`network: true` beside it, since other stages get no environment variables",
  path: ["env"],
});

const variables = z.record(memberName, z.unknown()).default({}).describe(
  "Values to refer to as ${vars.name}.",
);

/** A whole pipeline file. */
export const pipelineSchema = z.strictObject({
  vars: variables,
  resources: z.record(memberName, z.number().min(0)).default({}).describe(
    "Resource → how much there is of it. cpu: as many as the machine has, unless given.",
  ),
  stages: z.record(stageName, stageSchema).describe("Stage name → what it runs."),
});

export type StageSpec = z.output<typeof stageSchema>;

/** Name of a resource → how much of it: `cpu`, `memory`, `gpu`. */
export type Amounts = Readonly<Record<string, number>>;

/** How much there is of each resource. */
export type Capacity = Amounts & { readonly cpu: number };

export interface PipelineSpec {
  readonly stages: Readonly<Record<string, StageSpec>>;
  readonly resources: Capacity;
  readonly locate: SourceDocument["locate"];
}

/**
 * Reads a pipeline file, lays overlay files over it and then the command line's settings, and replaces
 * references to its variables. (References to a matrix stay, since their values differ by instance.)
 *
 * @throws {InputError} with file, line and column for the first mistake
 */
export function readPipeline(
  file: string,
  settings: readonly string[],
  overlays: readonly string[] = [],
  cache?: StatCache,
): PipelineSpec {
  const document = applyOverrides(applyOverlays(readDocument(file, cache), overlays, cache), settings);
  const { locate } = document;
  const { vars } = validate(z.looseObject({ vars: variables }), document.value, locate);
  // Variables don't refer to each other, so with no scope given every reference in them is a mistake.
  resolveReferences(vars, {}, locate, ["vars"]);
  const stages = (document.value as { readonly stages?: unknown }).stages;
  const resolved = resolveReferences(stages, { vars, matrix: "later" }, locate, ["stages"]);
  const spec = validate(pipelineSchema, { ...document.value as object, stages: resolved }, locate);
  // A stage may want more threads than there are cores; they take turns then. So a file runs on every
  // machine, with the same keys.
  const threads = Object.values(spec.stages).map((stage) => stage.resources.cpu ?? 1);
  const resources = { cpu: Math.max(navigator.hardwareConcurrency, ...threads), ...spec.resources };
  requireCapacity(spec.stages, resources, locate);
  return { stages: spec.stages, resources, locate };
}

/**
 * Checks that no stage wants more of a resource than there is: it could never start, and the run would wait
 * for ever.
 */
function requireCapacity(
  stages: PipelineSpec["stages"],
  capacity: Capacity,
  locate: Locate,
): void {
  for (const [stage, { resources }] of Object.entries(stages)) {
    for (const [name, amount] of Object.entries(resources)) {
      if (amount <= (capacity[name] ?? 0)) continue;
      const known = Object.hasOwn(capacity, name);
      throw new InputError({
        at: locate(["stages", stage, "resources", name], known ? "value" : "key"),
        found: known ? `${name}: ${amount}` : `unknown resource "${name}"`,
        expected: known
          ? `at most ${capacity[name]}, which is all there is`
          : `one that there is: ${Object.keys(capacity).join(", ")}`,
        fix:
          `Ask for less, or say that there is more: --resource ${name}=${amount}, or \`resources\` in the file.`,
      });
    }
  }
}
