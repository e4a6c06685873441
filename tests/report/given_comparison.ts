import type { VariantComparison } from "../../src/report/comparison.ts";

/** Figures by variant and calibrator: the value and how far its interval goes to either side. */
type Given = Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>>;

/** Makes a comparison with the figures given; a state is `<variant>` or `<variant> temperature`. */
export function comparison(given: Given, temperature = "T = 1.50"): VariantComparison {
  return {
    ...{
      reference: "baseline",
      examples: 1200,
      seeds: [1, 2],
      resamples: 100,
      fittedOn: "dev1",
      curves: [],
      losses: [],
    },
    metric: undefined,
    conformal: { level: 0.9, sets: [] },
    standings: Object.entries(given).map(([state, figures]) => {
      const [variant = "", calibrator] = state.split(" ");
      return {
        variant,
        calibrator: calibrator === "temperature" ? calibrator : "none",
        fits: calibrator ? [temperature, temperature] : [],
        ...{ notes: [], runs: 2, ece_floor: { mean: 0, standardDeviation: 0 } },
        figures: Object.fromEntries(
          Object.entries(figures).map((
            [name, [value, way]],
          ) => [name, { value, low: value - way, high: value + way }]),
        ),
      };
    }),
  };
}
