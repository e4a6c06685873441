import assert from "node:assert/strict";
import { noiseStrength } from "../../src/analysis/noise_strength.ts";
import { randomStream } from "../../src/random.ts";

const pieces = (text: string) => text.split(" ").map((word) => word.charCodeAt(0));

Deno.test("a text repeats where a token follows itself, and the texts of a pair don't touch", () => {
  const pairs = [
    { noise: { text: "a b b" }, data: { text: "a b a b" } },
    { noise: { text: "a b", pair: "b c" }, data: { text: "a", pair: "c c" } },
    { noise: { text: "a" }, data: { text: "c" } },
    { noise: { text: "a a a" }, data: { text: "b c" } },
  ];
  assert.deepEqual(noiseStrength(pairs, pieces).repeats, { noise: 0.5, data: 0.25 });
});

/** Makes pairs of texts whose words are drawn from two alphabets. */
function drawn(ofNoise: string, ofData: string, count: number) {
  const random = randomStream(1, "words");
  const text = (alphabet: string) =>
    Array.from({ length: 8 }, () => alphabet[random.integer(alphabet.length)]).join(" ");
  return Array.from(
    { length: count },
    () => ({ noise: { text: text(ofNoise) }, data: { text: text(ofData) } }),
  );
}

Deno.test("counts of tokens tell nothing where noise is like the data, all where it has words of its own", () => {
  const accuracy = (ofNoise: string, ofData: string) =>
    noiseStrength(drawn(ofNoise, ofData, 1000), pieces).bagOfWordsAccuracy!;
  const alike = accuracy("abcdefgh", "abcdefgh");
  assert.ok(Math.abs(alike - 0.5) < 0.08, `${alike}`); // 5 standard deviations of 1,000 draws
  assert.equal(accuracy("abcd", "efgh"), 1);
  const between = accuracy("abcdef", "cdefgh");
  assert.ok(between > 0.9 && between < 1, `${between}`); // 1 − (2/3)^8 = .96 of the texts have a word of one kind alone
});

Deno.test("a single noise text is counted, and nothing is told apart", () => {
  const { texts, bagOfWordsAccuracy } = noiseStrength(drawn("ab", "ab", 1), pieces);
  assert.deepEqual({ texts, bagOfWordsAccuracy }, { texts: 1, bagOfWordsAccuracy: null });
});

Deno.test("a text of the data that has several noise texts is on one side alone", () => {
  // Each text is told by words of its own, and noise and data have the same: only who has seen a text knows it.
  const texts = Array.from({ length: 60 }, (_, index) => String.fromCharCode(200 + index));
  const pairs = [0, 1, 2].flatMap((pass) =>
    texts.filter((_, index) => pass === 0 || index !== 7) // a sample that is dropped shifts those behind it
      .map((text) => ({ noise: { text: "noise" }, data: { text } }))
  );
  const blank = (text: string) => text === "noise" ? [] : pieces(text);
  const { bagOfWordsAccuracy } = noiseStrength(pairs, blank);
  assert.equal(bagOfWordsAccuracy, 0.5, "no text on which it is measured was trained on");
});
