import { z } from "zod";
import { mean } from "../statistics.ts";

/** What a training measured on tune, such as accuracy and NLL, after some of its steps, ascending. */
export const curveSchema = z.array(z.object({ step: z.int().min(1) }).catchall(z.number())).readonly();

export type TrainingCurve = z.output<typeof curveSchema>;

/** The curves of variants: each point is the mean over the variant's trainings. */
export const variantCurvesSchema = z.array(z.strictObject({
  variant: z.string().min(1),
  points: curveSchema.describe("The steps that all trainings of the variant measured."),
})).readonly();

/** Averages the curves of each variant's trainings, over the steps and figures that all of them have. */
export function meanCurves(
  trainings: readonly { readonly variant: string; readonly curve: TrainingCurve }[],
): z.output<typeof variantCurvesSchema> {
  const ofVariant = Map.groupBy(trainings, ({ variant }) => variant);
  return Array.from(ofVariant, ([variant, members]) => {
    const [first, ...others] = members.map(({ curve }) => new Map(curve.map((point) => [point.step, point])));
    const points = Array.from(first).flatMap(([step, point]) => {
      const alike = [point, ...others.flatMap((curve) => curve.get(step) ?? [])];
      if (alike.length < members.length) return [];
      const names = Object.keys(point).filter((name) => alike.every((each) => name in each));
      const means = names.map((name) => [name, mean(alike.map((each) => each[name]))]);
      return [{ ...Object.fromEntries(means), step }];
    });
    return { variant, points };
  });
}

/** How many windows a training's steps are divided into. */
const windows = 40;

/**
 * Averages the loss, its terms and the norms of their gradients over windows of equally many steps, since those
 * of single batches vary much. A window's step is its middle, and windows are where they are in every training of
 * as many steps, also in one that stopped early. Norms were measured at some steps only: where a window has none
 * of these, it has no norm.
 *
 * @param records What a training logged: terms are those whose norms are there too.
 * @param steps How many steps were planned.
 */
export function smoothedLosses(records: TrainingCurve, steps: number): TrainingCurve {
  const length = Math.ceil(steps / windows);
  const terms = Object.keys(records[0] ?? {}).filter((name) => `${name}Norm` in records[0]);
  const names = ["loss", ...terms, ...terms.map((term) => `${term}Norm`)];
  const inWindow = Map.groupBy(records, ({ step }) => Math.floor((step - 1) / length));
  return Array.from(inWindow, ([window, members]) => {
    const means = names.flatMap((name) => {
      const values = members.flatMap((record) => record[name] ?? []);
      return values.length === 0 ? [] : [[name, mean(values)]];
    });
    return { ...Object.fromEntries(means), step: Math.min(steps, window * length + Math.ceil(length / 2)) };
  });
}
