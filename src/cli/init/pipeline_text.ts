/** Writes a pipeline file for a person's data. */

import { dirname, relative, resolve } from "node:path";
import { stringify } from "yaml";
import type { Inspection } from "../../data/inspection/inspect.ts";
import type { SourceFiles } from "../../data/inspection/parts.ts";
import { excerpts } from "../../excerpt.ts";
import { count } from "../terminal/text.ts";
import type { Budget } from "./budget.ts";

/** What a pipeline file is made of. */
export interface PipelineContent {
  /** The path of the file that is to be, relative to the project's folder or absolute. */
  readonly out: string;
  readonly files: SourceFiles;
  readonly inspection: Inspection;
  readonly budget: Budget;
}

/** Returns the text of a pipeline file that trains a baseline and a classifier with an energy on the data. */
export function pipelineText(content: PipelineContent): string {
  const { out, inspection: { source, split }, budget } = content;
  const { precision, batchSize, steps, maxTokens, cut, samplesPerText, cpu } = budget;
  const schema = relative(dirname(resolve(out)), resolve("docs/pipeline.schema.json"));
  const texts = count(split.splits.train.length, "text");
  const whyPrecision = precision === "bfloat16"
    ? "this CPU has instructions for bfloat16"
    : "bfloat16 is faster on CPUs that have instructions for it (docs/platforms.md)";
  const longer = cut > 0 ? `${(100 * cut).toFixed(1)} % are longer and are cut` : "none is longer";
  const epochs = epochsText(budget);
  const more = budget.epochs < 5 ? "; more would take long, and may be worth it" : "";
  return `# yaml-language-server: $schema=${schema}
# Trains a baseline and a classifier with an energy on ${texts} of ${source.classes.length} classes, and measures both on others.
# \`deno task pipeline init\` guessed what it says of the data, and chose the numbers; change what you like.
vars:
  seed: 1
  precision: ${precision} # of matrix products: ${whyPrecision}
  maxTokens: ${maxTokens} # of a text; ${longer}

stages:
  prepare-data:
    run: stages/prepare-data.ts
    needs: { source: ${inline(shownPath(content.files.input))} }
    params:
      source: # docs/data.md shows each kind
${sourceLines(content.inspection).map((line) => `        ${line}`).join("\n")}

  train-noise-model:
    run: stages/train-noise-model.ts
    needs: { data: prepare-data, checkpoint: ./artifacts/setup/minilm-l6 }
    params:
      steps: ${budget.noiseSteps}
      warmupSteps: 120
      batchSize: 16
      learningRate: 1.0e-3
      prefixTokens: \${vars.maxTokens}
      maxTokens: \${vars.maxTokens}
      precision: \${vars.precision}
      seed: \${vars.seed}
    resources: { cpu: ${cpu} }

  sample-noise:
    run: stages/sample-noise.ts
    needs: { data: prepare-data, model: train-noise-model }
    params:
      samplesPerText: ${samplesPerText} # so many that hardly a noise text is seen twice in ${epochs} of the data
      maxTokens: ${maxTokens + 2}
      precision: \${vars.precision}
      seed: \${vars.seed}
    resources: { cpu: ${cpu} }

  finetune:
    run: stages/finetune.ts
    matrix: { variant: [baseline, hidden] } # scalar and sharp-hidden are other energies: add them here and below
    needs: { data: prepare-data, noise: sample-noise, checkpoint: ./artifacts/setup/minilm-l6 }
    params:
      variant: \${matrix.variant}
      steps: ${steps} # of ${batchSize} texts: ${epochs}${more}
      warmupSteps: ${budget.warmupSteps}
      batchSize: ${batchSize}
      learningRate: 5.0e-5
      maxTokens: \${vars.maxTokens}
      precision: \${vars.precision}
      seed: \${vars.seed}
    resources: { cpu: ${cpu} }

  evaluate:
    run: stages/evaluate.ts
    matrix: { variant: [baseline, hidden] }
    needs: { data: prepare-data, noise: sample-noise, classifier: "finetune@\${matrix.variant}" }
    params:
      variant: \${matrix.variant}
      precision: \${vars.precision}

  compare:
    run: stages/compare.ts
    needs: { evaluations: evaluate@* }

  report:
    run: stages/report.ts
    needs:
      data: prepare-data
      noiseModel: train-noise-model
      noise: sample-noise
      evaluations: evaluate@*
      comparison: compare
`;
}

/** Returns the lines that describe the source. */
function sourceLines({ description, source: { classes } }: Inspection): readonly string[] {
  const { kind, files, columns, ...others } = description;
  const classesText = `${classes.length} classes: ${excerpts(classes, 50)}`;
  return [
    `kind: ${kind}`,
    ...Object.entries(others).map(([name, value]) => `${name}: ${inline(value)}`),
    "files:",
    ...Object.entries(Object(files)).map(([part, names]) => `  ${part}: ${inline(names)}`),
    ...(columns ? ["columns: # by name, or by number from 0 where there is no header"] : []),
    ...Object.entries(Object(columns)).map(([role, column]) =>
      `  ${role}: ${inline(column)}${role === "label" ? ` # ${classesText}` : ""}`
    ),
  ];
}

/** Says how often the training texts are gone through. */
export function epochsText({ epochs }: Pick<Budget, "epochs">): string {
  const rounded = epochs.toFixed(1).replace(/\.0$/, "");
  return rounded === "1" ? "1 epoch" : `${rounded} epochs`;
}

/** Returns a path as a pipeline file has it: relative to the project's folder if it is in there. */
export function shownPath(path: string): string {
  const within = relative(Deno.cwd(), path);
  return within.startsWith("..") ? path : `./${within}`;
}

/** Returns a value as YAML in a line. */
function inline(value: unknown): string {
  return stringify(value, { collectionStyle: "flow", flowCollectionPadding: false, lineWidth: 0 }).trim();
}
