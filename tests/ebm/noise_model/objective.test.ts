import assert from "node:assert/strict";
import { noiseBatch } from "../../../src/ebm/noise_model/batch.ts";
import {
  type NoiseObjective,
  noiseObjective,
  type NoiseSequenceOptions,
  prompt,
  sequenceOptions,
  target,
  withoutLabel,
} from "../../../src/ebm/noise_model/objective.ts";
import { specialTokens } from "../../../src/ebm/noise_model/vocabulary.ts";
import { randomStream } from "../../../src/random.ts";
import { tinyConfig } from "../../tiny_classifier.ts";

const { pad, begin, end, separator, mask } = specialTokens;
const text = Array.from({ length: 40 }, (_, index) => 10 + index);
const label = 99;

function options(objective: NoiseObjective, more: Partial<NoiseSequenceOptions> = {}): NoiseSequenceOptions {
  const form = { maskRate: 0, prefixTokens: 4, prefixEnd: false, maxTokens: 10, firstPosition: 0 };
  return sequenceOptions({ ...tinyConfig, maxPositions: 200 }, { objective, ...form, ...more });
}

/** Makes a batch, and returns the tokens that are read and those that are predicted. */
function batchOf(targets: readonly (readonly number[])[], options: NoiseSequenceOptions) {
  const { feeds, tokens } = noiseBatch(targets, options, randomStream(5, "test"));
  const values = (name: string) => [...(feeds[name] as { values: Int32Array }).values];
  const read = (name: string) => values(name).slice(0, tokens); // the rest only fills up the batch
  return { read, scored: values("scored"), successors: values("successors"), tokens };
}

Deno.test("only the text and its end are scored, each from the token before it", () => {
  const { read, scored, successors, tokens } = batchOf([[7, 8], [9]], options("masked-prefix"));
  assert.deepEqual(read("ids"), [pad, begin, 7, 8, begin, 7, 8, pad, pad, begin, 9, begin, 9]);
  assert.deepEqual(scored, [4, 5, 6, 11, 12]);
  assert.deepEqual(successors, [7, 8, end, 9, end]);
  assert.deepEqual(read("positions"), [0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5]);
  assert.equal(tokens, 13);
});

Deno.test("a language model reads no prefix, and predicts the text from its begin", () => {
  const { read, scored, successors } = batchOf([[7, 8]], options("language-model"));
  assert.deepEqual(read("ids"), [begin, 7, 8]);
  assert.deepEqual([scored, successors], [[0, 1, 2], [7, 8, end]]);
});

Deno.test("a label is written before the text or behind a separator after it, and no prefix shows it", () => {
  const { read, successors } = batchOf(
    [target([7, 8], label, options("labelled-masked-prefix"))],
    options("labelled-masked-prefix", { maskRate: 1, prefixEnd: true }),
  );
  assert.deepEqual(read("ids"), [pad, begin, mask, end, begin, label, 7, 8]);
  assert.deepEqual(successors, [label, 7, 8, end]);

  const after = options("half-to-full-labelled");
  const last = batchOf([target([7, separator, 8], label, after)], after);
  assert.deepEqual(last.successors, [7, separator, 8, separator, label, end]);
  const prefix = last.read("ids").slice(0, 4);
  assert.ok(
    [[begin, mask, separator, 8], [begin, 7, separator, mask]].some((half) => `${half}` === `${prefix}`),
  );
});

for (const objective of noiseObjective.options) {
  Deno.test(`${objective}: sampling sees the prompt that training saw, and the text is found again`, () => {
    for (const prefixEnd of [false, true]) {
      const form = options(objective, { maskRate: 0.4, prefixTokens: 48, prefixEnd, maxTokens: 96 });
      const written = target(text, label, form);
      const start = prompt(written, form, randomStream(5, "test"));
      assert.deepEqual(batchOf([written], form).read("ids").slice(0, start.length), start);
      assert.equal(start.at(-1), begin);
      assert.equal(start.length, objective === "language-model" ? 1 : 49);
      assert.ok(!start.includes(label));
      const found = withoutLabel(written, objective);
      assert.deepEqual(found.text, text);
      assert.equal(found.label, objective.includes("labelled") ? label : undefined);
    }
  });

  Deno.test(`${objective}: a long text is cut, and its label isn't`, () => {
    const form = options(objective);
    const written = target(text, label, form);
    assert.equal(written.length, 10);
    assert.equal(written.includes(label), objective.includes("labelled"));
    assert.deepEqual(batchOf([written], form).successors, [...written, end]);
  });
}

Deno.test("what a noise model wrote without room for a label has none", () => {
  assert.equal(withoutLabel([], "labelled-masked-prefix").label, undefined);
  assert.equal(withoutLabel([7, 8, 9], "half-to-full-labelled").label, undefined);
});
