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
export function pipelineText({ out, files, inspection, budget }: PipelineContent): string {
  const { source, split, description } = inspection;
  const { batchSize, steps, maxTokens, samplesPerText, cpu } = budget;
  const schema = relative(dirname(resolve(out)), resolve("docs/pipeline.schema.json"));
  const columns = description.columns as Readonly<Record<string, string | number>> | undefined;
  const { kind, files: parts, columns: _, ...others } = description;
  return `# yaml-language-server: $schema=${schema}
# Trains a baseline and a classifier with an energy on ${
    count(split.splits.train.length, "text")
  } of ${source.classes.length} classes, and measures both on others.
# \`deno task pipeline init\` guessed what it says of the data, and chose the numbers; change what you like.
vars:
  seed: 1
  precision: ${budget.precision} # of matrix products: ${
    budget.precision === "bfloat16"
      ? "this CPU has instructions for bfloat16"
      : "bfloat16 is faster on CPUs that have instructions for it (docs/platforms.md)"
  }
  maxTokens: ${maxTokens} # of a text; ${
    budget.cut > 0 ? `${(100 * budget.cut).toFixed(1)} % are longer and are cut` : "none is longer"
  }

stages:
  prepare-data:
    run: stages/prepare-data.ts
    needs: { source: ${inline(shownPath(files.input))} }
    params:
      source: # docs/data.md shows each kind
        kind: ${kind}
${Object.entries(others).map(([name, value]) => `        ${name}: ${inline(value)}\n`).join("")}        files:
${Object.entries(Object(parts)).map(([part, names]) => `          ${part}: ${inline(names)}\n`).join("")}${
    columns
      ? `        columns: # by name, or by number from 0 where there is no header\n${
        Object.entries(columns).map(([role, column]) =>
          `          ${role}: ${inline(column)}${
            role === "label" ? ` # ${classesText(source.classes)}` : ""
          }\n`
        ).join("")
      }`
      : ""
  }
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
      samplesPerText: ${samplesPerText} # so many that hardly a noise text is seen twice in ${
    epochsText(budget)
  } of the data
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
      steps: ${steps} # of ${batchSize} texts: ${epochsText(budget)}${
    budget.epochs < 5 ? "; more would take long, and may be worth it" : ""
  }
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

function classesText(classes: readonly string[]): string {
  return `${classes.length} classes: ${excerpts(classes, 50)}`;
}

/** Returns a value as YAML in a line. */
function inline(value: unknown): string {
  return stringify(value, { collectionStyle: "flow", flowCollectionPadding: false, lineWidth: 0 }).trim();
}
