/** Tests what joint finetuning draws, step by step. */
import assert from "node:assert/strict";
import { finetuning, type FinetuningOptions } from "../../../src/ebm/classifier/finetuning.ts";
import { randomStream } from "../../../src/random.ts";
import { tinyShape } from "../../tiny_classifier.ts";

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ids: [index], label: index % 3 }));

/** Draws three steps of two texts of the data, each with two noise texts; texts are named by their places. */
function drawn(order: FinetuningOptions["order"]) {
  const method = finetuning({
    ...{ train: numbered(5), noise: numbered(7), batchSize: 2, noiseRatio: 2, order },
    ...{ shape: tinyShape, parts: 1, turns: 1, logEvery: 1, table: undefined },
    session: { run: () => assert.fail("drawing runs nothing") },
    classifier: {
      trainer: { train: () => assert.fail("drawing trains nothing"), inspect: () => ({}) },
      terms: [],
    },
    random: (name) => randomStream(1, name),
  });
  const steps = Array.from({ length: 3 }, () => method.draw());
  const places = (texts: readonly { readonly ids: ArrayLike<number> }[]) => texts.map(({ ids }) => ids[0]);
  return {
    labelled: steps.map(({ labelled }) => places(labelled)).flat(),
    data: steps.map(({ contrast }) => places(contrast!.data)).flat(),
    noise: steps.map(({ contrast }) => places(contrast!.noise)).flat(),
  };
}

Deno.test("in sequence, data and noise go through their texts as they stand, and the classes' texts at random", () => {
  const { labelled, data, noise } = drawn("sequential");
  assert.deepEqual(data, [0, 1, 2, 3, 4, 0]);
  assert.deepEqual(noise, [0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4]);
  assert.deepEqual(labelled, drawn("independent").labelled);
  assert.notDeepEqual(labelled, data);
});

Deno.test("drawn independently, all three go through all of their texts in orders of their own", () => {
  const { labelled, data, noise } = drawn("independent");
  const sorted = (places: readonly number[]) => places.toSorted((a, b) => a - b);
  for (const places of [labelled, data]) assert.deepEqual(sorted(places.slice(0, 5)), [0, 1, 2, 3, 4]);
  assert.deepEqual(sorted(noise.slice(0, 7)), [0, 1, 2, 3, 4, 5, 6]);
  assert.notDeepEqual(labelled, data);
  assert.notDeepEqual(noise.slice(0, 7), sorted(noise.slice(0, 7)));
});
