/** Compares steps that compute a batch in turns with steps that compute it as a whole, and with the baseline's. */
import assert from "node:assert/strict";
import { classifierProgram } from "../../../src/ebm/classifier/program.ts";
import type { Variant } from "../../../src/ebm/classifier/variant.ts";
import { jointTurns } from "../../../src/ebm/classifier/joint_batch.ts";
import { turnsOf } from "../../../src/ebm/classifier/joint_steps.ts";
import { stepFigures } from "../../../src/ebm/classifier/step_figures.ts";
import { type EnergyVariant, toldClasses } from "../../../src/ebm/classifier/variant.ts";
import { startFrom } from "../../../src/ebm/training/state.ts";
import { withDropout } from "../../../src/nn/config.ts";
import type { Sequence } from "../../../src/nn/sequence.ts";
import { openSession } from "../../../src/runtime/session.ts";
import { assertClose } from "../../close.ts";
import { scratch } from "../../scratch.ts";
import { randomWeights, tinyConfig, tinyContrast, tinyShape, tinyTraining } from "../../tiny_classifier.ts";

/**
 * Trains the tiny classifier without dropout, whose masks differ from turn to turn, for three steps on four
 * texts.
 */
async function train(turns: number, noiseRatio: number, variant: EnergyVariant) {
  const config = withDropout(tinyConfig, 0);
  const { program, variables, trainer, terms } = classifierProgram({
    ...tinyShape,
    config,
    variant,
    classLoss: { kind: "label-smoothing", smoothing: 0.1 },
    noiseRatio,
    energyWeight: 0.5,
    precision: "float32",
    weightDecay: 0.1,
    clipNorm: 0.1,
    parts: 1,
    turns,
  });
  const session = await openSession(program, { scratch, threads: 1 });
  startFrom(session, randomWeights(variables));
  const { data } = tinyContrast([3, 9, 7, 8]);
  const { noise } = tinyContrast(Array.from({ length: 4 * noiseRatio }, (_, row) => 2 + 5 * row % 8));
  const withLabel = (text: Sequence, row: number) => ({ ...text, label: row % tinyShape.classes });
  const [labelled, ofNoise] = [data.map(withLabel), noise.map(withLabel)];
  const contrast = { data: labelled, noise: ofNoise, told: toldClasses(variant) };
  const feeds = jointTurns(config, labelled, 1, turns, contrast)
    .map((turn) => ({ ...turn.feeds, seed: 0 }));
  const steps = [1, 2, 3].map((step) => {
    const norms = trainer.inspect(session, feeds);
    const values = trainer.train(session, feeds, { learningRate: 0.01, step });
    return { ...stepFigures(values, terms, noiseRatio), ...norms };
  });
  const read = session.run("read");
  const weights = variables.flatMap(({ name }) => [...read.floats(name)]);
  session.close();
  return { steps, weights };
}

for (
  const [noiseRatio, turns, variant] of [
    [1, 2, "scalar"],
    [3, 2, "self-labelled-noise"],
    [8, 4, "labelled"],
  ] as const
) {
  Deno.test(`${variant}, K = ${noiseRatio}: a batch in turns gives what it gives at once, but for rounding`, async () => {
    const [whole, inTurns] = [await train(1, noiseRatio, variant), await train(turns, noiseRatio, variant)];
    assert.ok(whole.steps[0].gradientNorm > 0.1); // else clipping would not be seen
    for (const [index, figures] of whole.steps.entries()) {
      assert.deepEqual(Object.keys(inTurns.steps[index]).sort(), Object.keys(figures).sort());
      for (const [name, value] of Object.entries(figures)) {
        assertClose([inTurns.steps[index][name as keyof typeof figures]], [value], 1e-4 * Math.abs(value));
      }
    }
    assertClose(inTurns.weights, whole.weights, 1e-3);
  });
}

Deno.test("turns are about as large as steps with one noise sample a text, and share out each kind evenly", () => {
  const cases = [
    [16, 1, 1],
    [16, 2, 2],
    [16, 3, 2],
    [6, 3, 2],
    [16, 8, 4],
    [32, 8, 4],
    [6, 8, 3],
    [17, 8, 1],
    [1, 8, 1],
  ];
  for (const [batchSize, noiseRatio, turns] of cases) assert.equal(turnsOf(batchSize, noiseRatio), turns);
});

/**
 * Returns the gradients by each variable that a step without dropout takes on the same four labelled texts,
 * with noise where the variant has an energy. AdamW's first mean is a tenth of the gradient.
 */
async function gradients(variant: Variant, { turns, energyWeight }: Readonly<Record<string, number>>) {
  const config = withDropout(tinyConfig, 0);
  const { program, variables, moments, trainer } = classifierProgram({
    ...{ ...tinyShape, ...tinyTraining },
    ...{ config, variant, energyWeight, turns, clipNorm: 1e9 },
  });
  const session = await openSession(program, { scratch, threads: 1 });
  startFrom(session, randomWeights(variables));
  const { data, noise } = tinyContrast([3, 9, 7, 8]);
  const labelled = data.map((text, row) => ({ ...text, label: row % tinyShape.classes }));
  const contrast = variant === "baseline" ? undefined : { data: data.toReversed(), noise };
  const feeds = jointTurns(config, labelled, 1, turns, contrast).map((turn) => ({ ...turn.feeds, seed: 0 }));
  trainer.train(session, feeds, { learningRate: 0.01, step: 1 });
  const { floats } = session.run("readMoments");
  const means = moments.filter(({ name }) => name.endsWith("/mean")).map(({ name }) =>
    [name, floats(name).map((value) => 10 * value)] as const
  );
  session.close();
  return new Map(means);
}

const largest = (all: ReadonlyMap<string, Float32Array>) =>
  Math.max(...Array.from(all.values(), (values) => Math.max(...values.map(Math.abs))));

Deno.test("gradients that are accumulated over several batches are those of one large batch", async () => {
  const whole = await gradients("hidden", { turns: 1, energyWeight: 1 });
  assert.ok(largest(whole) > 0.1);
  for (const turns of [2, 4]) {
    const accumulated = await gradients("hidden", { turns, energyWeight: 1 });
    for (const [name, values] of whole) assertClose(accumulated.get(name)!, values, 1e-5);
  }
});

Deno.test("at λ = 0 the joint step takes the baseline's gradients, whatever the energy", async () => {
  const baseline = await gradients("baseline", { turns: 1, energyWeight: 0 });
  assert.ok(largest(baseline) > 0.1);
  for (const variant of ["scalar", "hidden", "sharp-hidden"] as const) {
    const joint = await gradients(variant, { turns: 1, energyWeight: 0 });
    for (const [name, values] of baseline) assertClose(joint.get(name)!, values, 1e-6);
    const own = [...joint].filter(([name]) => !baseline.has(name));
    assert.equal(own.length, variant === "scalar" ? 4 : 0); // those of its second head
    for (const [, values] of own) assert.ok(values.every((value) => value === 0));
  }
});
