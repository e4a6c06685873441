import assert from "node:assert/strict";
import { halfMaskedPrefix, maskedPrefix } from "../../../src/ebm/noise_model/prefix.ts";
import { specialTokens } from "../../../src/ebm/noise_model/vocabulary.ts";
import { randomStream } from "../../../src/random.ts";

const { pad, begin, end, separator, mask } = specialTokens;
const text = Array.from({ length: 40 }, (_, index) => 10 + index);
const stream = () => randomStream(1, "test");
const form = (length: number) => ({ length, ends: false });

Deno.test("with no masking the prefix is begin and the text, padded on the left", () => {
  assert.deepEqual(maskedPrefix([7, 8, 9], 0, form(6), stream()), [pad, pad, begin, 7, 8, 9]);
});

Deno.test("with everything masked a run of masks is one mask, and separators stay", () => {
  const prefix = maskedPrefix([7, 8, separator, 9, 9], 1, form(4), stream());
  assert.deepEqual(prefix, [begin, mask, separator, mask]);
});

Deno.test("a long prefix is cut at its end", () => {
  assert.deepEqual(maskedPrefix(text, 0, form(5), stream()), [begin, 10, 11, 12, 13]);
});

Deno.test("the end token follows the text where it is asked for, and is cut off with what is too long", () => {
  assert.deepEqual(maskedPrefix([7, 8], 0, { length: 5, ends: true }, stream()), [pad, begin, 7, 8, end]);
  assert.deepEqual(maskedPrefix([7, 8], 0, { length: 3, ends: true }, stream()), [begin, 7, 8]);
});

Deno.test("tokens are masked at the rate, each pass anew", () => {
  const random = stream();
  const kept = Array.from({ length: 2000 }, () => maskedPrefix(text, 0.4, form(60), random))
    .map((prefix) => prefix.filter((token) => token >= 10));
  const share = kept.flat().length / (2000 * text.length);
  assert.ok(Math.abs(share - 0.6) < 0.01, `${share} of the tokens were kept`); // 6 standard deviations of 80,000 draws
  assert.notDeepEqual(kept[0], kept[1]);
});

Deno.test("one half of a text is masked as a whole: of a pair one text, else the first or the last tokens", () => {
  const random = stream();
  const seen = (text: readonly number[]) =>
    new Set(Array.from({ length: 40 }, () => String(halfMaskedPrefix(text, form(6), random))));
  const either = (...prefixes: number[][]) => new Set(prefixes.map(String));
  assert.deepEqual(
    [...seen([7, 8, 9, separator, 11])].sort(),
    [...either([pad, pad, begin, mask, separator, 11], [begin, 7, 8, 9, separator, mask])].sort(),
  );
  assert.deepEqual(
    [...seen([7, 8, 9])].sort(),
    [...either([pad, pad, pad, begin, mask, 9], [pad, pad, begin, 7, 8, mask])].sort(),
  );
});
