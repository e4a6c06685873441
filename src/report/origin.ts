import type { Inline, Origin } from "./document.ts";
import type { Results } from "./results.ts";

/** How much of a digest is shown, as `deno task pipeline audit` does. */
const shownDigits = 12;

/**
 * Returns where the page stands that says how the pipeline's results were made, seen from a report's own
 * folder. A run writes it there at its end; a stage's place on that page has the stage's name.
 */
export function provenancePage(stage?: string): string {
  return `../provenance.html${stage === undefined ? "" : `#${provenanceId(stage)}`}`;
}

/** Returns the name, within that page's address, of what it says of a stage or an instance. */
export function provenanceId(name: string): string {
  return `made-${name}`;
}

/** Says which stage made the figures of each kind of table. */
export function originsOf({ sources, noiseModel }: Pick<Results, "sources" | "noiseModel">) {
  const noise = { stage: noiseModel ? "sample-noise" : "fill-noise", file: "metrics.json" };
  return {
    comparison: { stage: "compare", file: "comparison.json", digest: sources.comparison },
    data: { stage: "prepare-data", file: "dataset.json", digest: sources.data },
    evaluations: { stage: "evaluate", file: "metrics.json" },
    predictions: { stage: "evaluate", file: "predictions.dev2.jsonl" },
    noise,
    noiseModel: noiseModel ? { stage: "train-noise-model", file: "metrics.json" } : noise,
  } satisfies Record<string, Origin>;
}

/** Says where figures come from, with the command that shows how they were made and the one that remakes them. */
export function originText({ stage, file, digest }: Origin): Inline[] {
  return [
    "From ",
    { text: stage, page: provenancePage(stage) },
    ": ",
    { code: file },
    ...(digest === undefined
      ? [" of each instance"]
      : [", SHA-256 ", { code: digest.slice(0, shownDigits) }]),
    ". Shown by ",
    { code: `deno task pipeline audit ${stage} --full` },
    ", remade by ",
    { code: `deno task pipeline run ${stage} --force` },
    ", each with the ",
    { code: "--file" },
    " and ",
    { code: "--set" },
    " of the run.",
  ];
}
