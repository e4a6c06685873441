import assert from "node:assert/strict";
import type { ComparedVariant } from "../../../src/report/comparison.ts";
import { verdictOf } from "../../../src/report/verdict/verdict.ts";

type Bounds = readonly [value: number | null, low: number | null, high: number | null];

const energies = new Set(["scalar", "hidden"]);
const alike: Bounds = [0.001, -0.004, 0.006];

/** A difference whose verdict follows from its interval, as `compare` gives it. */
function difference([value, low, high]: Bounds) {
  const verdict = low !== null && low > 0
    ? "higher"
    : high !== null && high < 0
    ? "lower"
    : "no evidence of a difference";
  return { value, low, high, verdict } as const;
}

/** A variant's standing, with its differences from the baseline; those that aren't given are none. */
function standing(
  variant: string,
  calibrator: "none" | "temperature",
  differences: Readonly<Record<string, Bounds>> = {},
): ComparedVariant {
  const all: Record<string, Bounds> = { accuracy: alike, nll: alike, ece: alike, ...differences };
  return {
    variant,
    calibrator,
    fits: [],
    notes: [],
    runs: 5,
    ece_floor: { mean: 0.0131, standardDeviation: 0.003 },
    figures: { ece: { value: calibrator === "none" ? 0.0551 : 0.0302, low: 0.02, high: 0.07 } },
    ...(variant === "baseline" ? {} : {
      difference: Object.fromEntries(Object.entries(all).map(([name, of]) => [name, difference(of)])),
    }),
  };
}

const baseline = [standing("baseline", "none"), standing("baseline", "temperature")];

function verdict(standings: readonly ComparedVariant[], seeds = [1, 2, 3, 4, 5]) {
  const { headline, findings } = verdictOf(
    { reference: "baseline", seeds, standings, examples: 1000 },
    energies,
  );
  return { headline, findings: Object.fromEntries(findings.map(({ term, meaning }) => [term, meaning])) };
}

Deno.test("better as trained, undecided after temperature, and no loss of accuracy that the seeds could show", () => {
  const { headline, findings } = verdict([
    ...baseline,
    standing("hidden", "none", { ece: [-0.0302, -0.0402, -0.0198], accuracy: [-0.002, -0.012, 0.008] }),
    standing("hidden", "temperature", { ece: [-0.007, -0.018, 0.003] }),
  ]);
  assert.equal(
    headline,
    "Compared with the baseline, as trained, calibration is better with the energies. After temperature, there is no " +
      "evidence that calibration differs with the energies. There is no loss of accuracy that these 5 seeds could show.",
  );
  assert.deepEqual(findings, {
    "Accuracy": "no evidence of a difference (the interval is −1.2 to 0.8 percentage points).",
    "ECE as trained": "lower, by 0.030 (0.020 to 0.040).",
    "ECE after temperature": "no evidence of a difference (the interval is −0.018 to 0.003).",
    "NLL as trained": "no evidence of a difference (the interval is −0.004 to 0.006).",
    "NLL after temperature": "no evidence of a difference (the interval is −0.004 to 0.006).",
    "Examples it would take":
      "To show an ECE's difference as large as was seen, in 4 of 5 cases: after temperature about " +
      "4,600 for hidden's −0.007. There were 1,000. Nor do more examples make up for few seeds.",
    "ECE of the baseline itself": "0.055 as trained (perfect calibration would show 0.013 by chance); " +
      "0.030 after temperature (perfect calibration would show 0.013 by chance).",
  });
});

Deno.test("of several variants the one that differs least and the one that differs most are told, with their intervals", () => {
  const { headline, findings } = verdict([
    ...baseline,
    standing("scalar", "none", { ece: [-0.031, -0.042, -0.018], accuracy: [-0.032, -0.041, -0.023] }),
    standing("hidden", "none", { ece: [-0.029, -0.038, -0.019], accuracy: [-0.023, -0.031, -0.015] }),
  ]);
  assert.match(
    headline,
    /calibration is better with the energies\..* The accuracy is lower with the energies\.$/,
  );
  assert.equal(
    findings["ECE as trained"],
    "lower, by 0.029 (0.019 to 0.038) with hidden up to 0.031 (0.018 to 0.042) with scalar.",
  );
  assert.equal(
    findings["Accuracy"],
    "lower, by 2.3 percentage points (1.5 to 3.1) with hidden up to 3.2 percentage points (2.3 to 4.1) with scalar.",
  );
});

Deno.test("what holds of some variants isn't said of all", () => {
  const { headline, findings } = verdict([
    ...baseline,
    standing("scalar", "none", { ece: [0.02, 0.01, 0.03] }),
    standing("hidden", "none"),
  ]);
  assert.match(headline, /calibration is worse with some of the energies\./);
  assert.equal(
    findings["ECE as trained"],
    "higher with scalar, by 0.020 (0.010 to 0.030); no evidence of a difference with hidden (the interval is −0.004 to 0.006).",
  );
});

Deno.test("variants that differ in opposite directions are told apart", () => {
  const { headline } = verdict([
    ...baseline,
    standing("scalar", "none", { ece: [0.02, 0.01, 0.03] }),
    standing("hidden", "none", { ece: [-0.02, -0.03, -0.01] }),
  ]);
  assert.match(headline, /calibration is better with some of the energies and worse with others/);
});

Deno.test("an interval that ends at 0 is no evidence, and an undefined one is none either", () => {
  const { findings } = verdict([
    ...baseline,
    standing("scalar", "none", { ece: [-0.02, -0.04, 0], nll: [null, null, null] }),
  ]);
  assert.equal(findings["ECE as trained"], "no evidence of a difference (the interval is −0.040 to 0.000).");
  assert.equal(findings["NLL as trained"], "no evidence of a difference.");
});

Deno.test("a single seed is said to be one, and variants without an energy are told by themselves", () => {
  const { headline, findings } = verdict([
    ...baseline,
    standing("poscal", "none", { ece: [-0.02, -0.03, -0.01] }),
    standing("hidden", "none"),
  ], [1]);
  assert.match(
    headline,
    /no evidence that calibration differs with the energies\. .* that this one seed could show\.$/,
  );
  assert.equal(findings["ECE of the others, as trained"], "lower, by 0.020 (0.010 to 0.030).");
});

Deno.test("without energies the verdict is on the other variants, and alone there is nothing to compare", () => {
  const { headline } = verdict([...baseline, standing("poscal", "none", { ece: [0.02, 0.01, 0.03] })]);
  assert.match(headline, /^Compared with the baseline, as trained, calibration is worse with poscal\./);
  assert.equal(verdict(baseline).headline, "There is nothing to compare: baseline is the only variant.");
});
