import assert from "node:assert/strict";
import { noiseBatch } from "../../../src/ebm/noise_model/batch.ts";
import { maskedPrefix, prompt } from "../../../src/ebm/noise_model/objective.ts";
import { specialTokens } from "../../../src/ebm/noise_model/vocabulary.ts";
import { randomStream } from "../../../src/random.ts";

const { pad, begin, end, separator, mask } = specialTokens;
const text = Array.from({ length: 40 }, (_, index) => 10 + index);

Deno.test("with no masking the prefix is begin and the text, padded on the left", () => {
  const prefix = maskedPrefix([7, 8, 9], { maskRate: 0, length: 6 }, randomStream(1, "test"));
  assert.deepEqual(prefix, [pad, pad, begin, 7, 8, 9]);
});

Deno.test("with everything masked a run of masks is one mask, and separators stay", () => {
  const prefix = maskedPrefix([7, 8, separator, 9, 9], { maskRate: 1, length: 4 }, randomStream(1, "test"));
  assert.deepEqual(prefix, [begin, mask, separator, mask]);
});

Deno.test("a long prefix is cut at its end", () => {
  const prefix = maskedPrefix(text, { maskRate: 0, length: 5 }, randomStream(1, "test"));
  assert.deepEqual(prefix, [begin, 10, 11, 12, 13]);
});

Deno.test("tokens are masked at the rate, each pass anew", () => {
  const random = randomStream(1, "test");
  const kept = Array.from({ length: 2000 }, () => maskedPrefix(text, { maskRate: 0.4, length: 60 }, random))
    .map((prefix) => prefix.filter((token) => token >= 10));
  const share = kept.flat().length / (2000 * text.length);
  assert.ok(Math.abs(share - 0.6) < 0.01, `${share} of the tokens were kept`); // 6 standard deviations of 80,000 draws
  assert.notDeepEqual(kept[0], kept[1]);
});

Deno.test("only the text and its end are scored, each from the token before it", () => {
  const options = { maskRate: 0, prefixTokens: 4, maxTokens: 10, firstPosition: 0 };
  const { feeds, tokens } = noiseBatch([[7, 8], [9]], options, randomStream(1, "test"));
  const values = (name: string) => [...(feeds[name] as { values: Int32Array }).values];
  const read = (name: string) => values(name).slice(0, tokens); // the rest only fills up the batch
  assert.deepEqual(read("ids"), [pad, begin, 7, 8, begin, 7, 8, pad, pad, begin, 9, begin, 9]);
  assert.deepEqual(values("scored"), [4, 5, 6, 11, 12]);
  assert.deepEqual(values("successors"), [7, 8, end, 9, end]);
  assert.deepEqual(read("positions"), [0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5]);
  assert.equal(tokens, 13);
});

Deno.test("sampling sees the prompt that training saw", () => {
  const options = { maskRate: 0.4, prefixTokens: 48, maxTokens: 96, firstPosition: 0 };
  const { feeds } = noiseBatch([text], options, randomStream(5, "test"));
  const start = prompt(text, options, randomStream(5, "test"));
  const seen = (feeds.ids as { values: Int32Array }).values;
  assert.deepEqual([...seen.subarray(0, 49)], start);
  assert.equal(start.at(-1), begin);
});
