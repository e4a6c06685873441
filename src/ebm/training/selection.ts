import { z } from "zod";
import type { SelectionParameters } from "./selection_parameters.ts";

/** Which evaluated step a training keeps, and when it stops early. */
export interface Selection<Figure extends string> extends Pick<SelectionParameters, "patience"> {
  /** With `both`, training ends with the last step's weights, and the best step's are kept beside them. */
  readonly keep: SelectionParameters["keep"] | "both";
  /** The figure of an evaluation that decides which of two is the better one. */
  readonly by: Figure;
  readonly better: "lower" | "higher";
}

/** The figures of an evaluation, by their names. */
export type EvaluationFigures = Readonly<Record<string, number>>;

/** An evaluation, with the step that it followed. */
export type Evaluated<Evaluation extends EvaluationFigures> = Evaluation & { readonly step: number };

/** The step whose weights a training ended with. */
export const keptSchema = z.strictObject({
  step: z.int().min(1).describe("The step whose weights were kept."),
  lastStep: z.int().min(1).describe("The last step that was taken."),
  steps: z.int().min(1).describe("The steps that were planned."),
  why: z.string().min(1),
});

export type Kept = z.output<typeof keptSchema>;

/** Returns the index of the best evaluation, the first where several are equal; −1 where there is none. */
export function bestOf<Evaluation extends EvaluationFigures>(
  evaluations: readonly Evaluation[],
  { by, better }: Selection<keyof Evaluation & string>,
): number {
  const figures = evaluations.map((evaluation) => better === "lower" ? evaluation[by] : -evaluation[by]);
  return figures.indexOf(Math.min(...figures));
}

/** Whether as many evaluations as patience allows have passed since the best one. */
export function hasStalled<Evaluation extends EvaluationFigures>(
  evaluations: readonly Evaluation[],
  selection: Selection<keyof Evaluation & string>,
): boolean {
  const { patience } = selection;
  return patience !== undefined && evaluations.length - 1 - bestOf(evaluations, selection) >= patience;
}

/**
 * Says which step of a training was kept, and why.
 *
 * @param lastStep the last of the planned steps, or the evaluated step after which training stopped
 * @param steps the planned steps
 */
export function keptOf<Evaluation extends EvaluationFigures>(
  evaluations: readonly Evaluated<Evaluation>[],
  lastStep: number,
  steps: number,
  selection: Selection<keyof Evaluation & string> | undefined,
): Kept {
  if (!selection) return { step: lastStep, lastStep, steps, why: "the last step" };
  const { by, better, keep, patience } = selection;
  const worse = patience === 1 ? "an evaluation" : `${patience} evaluations`;
  const stopped = lastStep < steps ? `; stopped after ${worse} without a ${better} ${by}` : "";
  const best = evaluations[bestOf(evaluations, selection)];
  if (keep !== "best") return { step: lastStep, lastStep, steps, why: `the last step${stopped}` };
  const superlative = better === "lower" ? "lowest" : "highest";
  const why = `the ${superlative} ${by} of ${evaluations.length} evaluations${stopped}`;
  return { step: best.step, lastStep, steps, why };
}
