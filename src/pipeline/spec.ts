/** What a pipeline file says, checked: the first half of planning (graph.ts is the second). */

import { z } from "zod";
import { readDocument, type SourceDocument } from "./document.ts";
import { applyOverrides } from "./overrides.ts";
import { resolveReferences } from "./references.ts";
import { validate } from "./validate.ts";

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const stageName = z.string().regex(
  /^[a-z][a-z0-9-]*$/,
  "lower-case letters, digits and hyphens, a letter first",
)
  .refine((name) => name !== "setup", "another name: artifacts/setup holds what set-up installs");
const memberName = z.string().regex(
  /^[A-Za-z_][\w-]*$/,
  "letters, digits, hyphens and underscores, a letter first",
);

const stageSchema = z.strictObject({
  run: z.string().describe("The stage's module, relative to the project's folder."),
  needs: z.record(memberName, z.string()).default({}).describe(
    "Input name → stage, stage:path, stage@variant or ./path.",
  ),
  params: z.record(z.string(), z.unknown()).default({}).describe("The stage's parameters."),
  matrix: z.record(memberName, z.array(scalar).min(1)).default({})
    .describe("Dimension → its values: one instance of the stage for each combination."),
  resources: z.strictObject({
    cpu: z.int().min(1).default(1).describe("CPU threads that an instance takes."),
  }).prefault({}),
});

const variables = z.record(memberName, z.unknown()).default({}).describe(
  "Values to refer to as ${vars.name}.",
);

const pipelineSchema = z.strictObject({
  vars: variables,
  stages: z.record(stageName, stageSchema).describe("Stage name → what it runs."),
});

export type StageSpec = z.output<typeof stageSchema>;

export interface PipelineSpec {
  readonly stages: Readonly<Record<string, StageSpec>>;
  readonly locate: SourceDocument["locate"];
}

/**
 * Reads a pipeline file, lays the command line's settings over it and puts its variables in place (references to a
 * matrix stay, since each instance has its own).
 *
 * @throws {InputError} with file, line and column for the first mistake
 */
export function readPipeline(file: string, settings: readonly string[]): PipelineSpec {
  const document = applyOverrides(readDocument(file), settings);
  const { locate } = document;
  const { vars } = validate(z.looseObject({ vars: variables }), document.value, locate);
  resolveReferences(vars, {}, locate, ["vars"]); // variables don't refer to each other: a reference is a mistake
  const stages = (document.value as { readonly stages?: unknown }).stages;
  const resolved = resolveReferences(stages, { vars, matrix: "later" }, locate, ["stages"]);
  const spec = validate(pipelineSchema, { ...document.value as object, stages: resolved }, locate);
  return { stages: spec.stages, locate };
}
