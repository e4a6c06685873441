import { z } from "zod";

/** The settings of a training that evaluates itself and may keep an earlier step than the last. */
export const selectionParameters = {
  evaluateEvery: z.int().positive().optional().describe(
    "Steps from one evaluation on tune to the next; the last step is always evaluated. Unless given, steps " +
      "100, 200, every 500th and the last are, as in the authors' scripts.",
  ),
  keep: z.enum(["last", "best"]).default("last").describe(
    "The step whose weights are the result: the last, as in the paper, or the best of those evaluated.",
  ),
  patience: z.int().positive().optional().describe(
    "Evaluations in a row without a new best after which training stops; it needs evaluateEvery. Unless " +
      "given, all steps are taken.",
  ),
};

export type SelectionParameters = z.output<z.ZodObject<typeof selectionParameters>>;

/** Whether patience, where there is some, has evaluations at known steps to count. */
export function isPatienceMeasured(
  { patience, evaluateEvery }: Pick<SelectionParameters, "patience" | "evaluateEvery">,
): boolean {
  return patience === undefined || evaluateEvery !== undefined;
}

/** Whether a step, counted from 1, is followed by an evaluation. */
export function isEvaluated(
  step: number,
  { steps, evaluateEvery }: Pick<SelectionParameters, "evaluateEvery"> & { readonly steps: number },
): boolean {
  if (step === steps) return true;
  if (evaluateEvery !== undefined) return step % evaluateEvery === 0;
  return step === 100 || step === 200 || step % 500 === 0;
}
