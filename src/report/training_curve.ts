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
