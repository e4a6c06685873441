import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  ofTask,
  readReplacementVocabulary,
  replaceTokens,
} from "../../../src/ebm/classifier/token_replacement.ts";
import { taskVocabulary } from "../../../src/nn/task_vocabulary.ts";
import { randomStream } from "../../../src/random.ts";
import { withFiles } from "../../data/files.ts";

const folder = fileURLToPath(new URL("../../../artifacts/setup/minilm-l6", import.meta.url));
const ignore = !existsSync(folder);
if (ignore) console.warn(`skipped, not found: ${folder} (run the set-up first)`);

const [cls, sep] = [101, 102];

Deno.test({
  name: "BERT's vocabulary: 30,522 tokens less 5 special ones and 994 unused places",
  ignore,
  async fn() {
    const { words, special } = await readReplacementVocabulary(folder);
    assert.equal(words.length, 30522 - 5 - 994);
    assert.deepEqual([...special].sort((a, b) => a - b), [0, 100, 101, 102, 103]);
    assert.ok(words.every((id) => id >= 999)); // `!` is the first
  },
});

Deno.test("a checkpoint without tokenizer.json has the words of its vocab.txt", async () => {
  const pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[unused0]", "the", "cat", "##s"];
  await withFiles({
    "vocab.txt": pieces.map((piece) => `${piece}\n`).join(""),
    "tokenizer_config.json": '{"tokenizer_class": "BertTokenizer"}',
  }, async (own) => {
    const { words, special } = await readReplacementVocabulary(own);
    assert.deepEqual(words, [6, 7, 8]);
    assert.deepEqual([...special].sort((a, b) => a - b), [0, 1, 2, 3, 4]);
  });
});

Deno.test({
  name: "at rate 0.2 a fifth is replaced, evenly by the whole vocabulary, and special tokens never",
  ignore,
  async fn() {
    const vocabulary = await readReplacementVocabulary(folder);
    const length = 500_000;
    const ids = new Int32Array(length + 2).fill(2023);
    [ids[0], ids[length + 1]] = [cls, sep];
    const replaced = replaceTokens({ ids }, 0.2, vocabulary, randomStream(1, "replacement"));
    assert.deepEqual([replaced.ids[0], replaced.ids[length + 1], replaced.ids.length], [
      cls,
      sep,
      length + 2,
    ]);
    const drawn = Array.from(replaced.ids).filter((id) => id !== 2023 && id !== cls && id !== sep);
    const deviation = Math.sqrt(length * 0.2 * 0.8);
    assert.ok(Math.abs(drawn.length - 0.2 * length) < 4 * deviation);

    // χ² over 100 stretches of the vocabulary: mean 99, standard deviation √198; here within 4 of these.
    const place = new Map(vocabulary.words.map((id, index) => [id, index]));
    const observed = new Array<number>(100).fill(0);
    for (const id of drawn) observed[Math.floor(100 * place.get(id)! / vocabulary.words.length)]++;
    const expected = drawn.length / 100;
    const chiSquare = observed.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    assert.ok(Math.abs(chiSquare - 99) < 4 * Math.sqrt(198), `${chiSquare}`);
  },
});

const small = { words: [7, 8, 9], special: new Set([1, 2]) };

Deno.test("at rate 0 nothing is replaced; at rate 1 all but special tokens, and type ids stay", () => {
  const sequence = { ids: [1, 5, 2, 6, 2], typeIds: [0, 0, 0, 1, 1] };
  assert.deepEqual(replaceTokens(sequence, 0, small, randomStream(1, "a")), sequence);
  const { ids, typeIds } = replaceTokens(sequence, 1, small, randomStream(1, "a"));
  assert.deepEqual([ids[0], ids[2], ids[4], typeIds], [1, 2, 2, sequence.typeIds]);
  assert.ok([ids[1], ids[3]].every((id) => small.words.includes(id)));
});

Deno.test("by a task's ids, replacements are the same tokens, and special tokens that no text has are left out", () => {
  const vocabulary = taskVocabulary([{ ids: [2, 5, 9] }, { ids: small.words }]); // 2, 5, 7, 8, 9
  const { words, special } = ofTask(small, vocabulary);
  assert.deepEqual([words, [...special]], [[2, 3, 4], [0]]);
});
