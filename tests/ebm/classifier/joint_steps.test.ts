/** Compares steps that compute a batch in turns with steps that compute it as a whole. */
import assert from "node:assert/strict";
import { classifierProgram } from "../../../src/ebm/classifier/program.ts";
import { jointTurns } from "../../../src/ebm/classifier/joint_batch.ts";
import { turnsOf } from "../../../src/ebm/classifier/joint_steps.ts";
import { stepFigures } from "../../../src/ebm/classifier/step_figures.ts";
import { startFrom } from "../../../src/ebm/training/state.ts";
import { withDropout } from "../../../src/nn/config.ts";
import { openSession } from "../../../src/runtime/session.ts";
import { assertClose } from "../../close.ts";
import { scratch } from "../../scratch.ts";
import { randomWeights, tinyConfig, tinyContrast, tinyShape } from "../../tiny_classifier.ts";

const noiseRatio = 4;

/**
 * Trains the tiny classifier without dropout, whose masks differ from turn to turn, for three steps on four
 * texts.
 */
async function train(turns: number) {
  const config = withDropout(tinyConfig, 0);
  const { program, variables, trainer, terms } = classifierProgram({
    ...tinyShape,
    config,
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
  const { noise } = tinyContrast([5, 4, 3, 6, 9, 2, 7, 3, 8, 4, 5, 6, 3, 7, 2, 9]);
  const labelled = data.map((text, row) => ({ ...text, label: row % tinyShape.classes }));
  const feeds = jointTurns(config, labelled, 1, turns, { data, noise })
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

Deno.test("a batch in turns gives the figures and the weights that it gives at once, but for rounding", async () => {
  const [whole, two, four] = [await train(1), await train(2), await train(4)];
  assert.ok(whole.steps[0].gradientNorm > 0.1); // else clipping would not be seen
  for (const inTurns of [two, four]) {
    for (const [index, figures] of whole.steps.entries()) {
      assert.deepEqual(Object.keys(inTurns.steps[index]).sort(), Object.keys(figures).sort());
      for (const [name, value] of Object.entries(figures)) {
        assertClose([inTurns.steps[index][name as keyof typeof figures]], [value], 1e-4 * Math.abs(value));
      }
    }
    assertClose(inTurns.weights, whole.weights, 1e-3);
  }
});

Deno.test("turns are about as large as steps with one noise sample a text, and share out each kind evenly", () => {
  const cases = [[16, 1, 1], [16, 2, 2], [16, 8, 4], [32, 8, 4], [6, 8, 3], [17, 8, 1], [1, 8, 1]];
  for (const [batchSize, noiseRatio, turns] of cases) assert.equal(turnsOf(batchSize, noiseRatio), turns);
});
