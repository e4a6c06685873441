/** Logits of masked tokens by tiny random models, as Hugging Face transformers computes them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fillingProgram, fillMasks } from "../../src/ebm/noise_model/filling.ts";
import { readCheckpoint } from "../../src/nn/checkpoint.ts";
import { checkMaskedLm } from "../../src/nn/masked_lm.ts";
import { pack, vector } from "../../src/nn/packing.ts";
import { openSession } from "../../src/runtime/session.ts";
import { assertClose } from "../close.ts";
import { fixture } from "../fixtures.ts";
import { scratch } from "../scratch.ts";

interface Expected {
  readonly input_ids: number[][];
  readonly attention_mask: number[][];
  readonly token_type_ids: number[][] | null;
  readonly mask: number;
  /** [masked, vocabulary] */
  readonly logits: number[];
}

for (const family of ["bert", "roberta"]) {
  Deno.test(`a tiny ${family} gives the reference's logits of masked tokens, and draws the likeliest of those allowed`, async () => {
    const folder = fixture(`${family}-tiny-masked`);
    const expected: Expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8"));
    const checkpoint = await readCheckpoint(folder);
    checkMaskedLm(checkpoint);
    const { firstPosition, vocabularySize } = checkpoint.config;
    const texts = expected.input_ids.map((ids, row) => {
      const length = expected.attention_mask[row].reduce((a, b) => a + b);
      return { ids: ids.slice(0, length), typeIds: expected.token_type_ids?.[row].slice(0, length) };
    });
    const likeliest = (masked: number, never: readonly number[] = []) => {
      const logits = expected.logits.slice(masked * vocabularySize, (masked + 1) * vocabularySize);
      for (const token of never) logits[token] = -Infinity;
      return logits.indexOf(Math.max(...logits));
    };
    const never = [likeliest(0)];
    const drawing = { precision: "float32", topK: 1, temperature: 1, never } as const;
    const session = await openSession(fillingProgram(checkpoint, drawing), { scratch, threads: 1 });

    const tokens = texts.flatMap(({ ids }) => ids);
    const masked = [...tokens.keys()].filter((token) => tokens[token] === expected.mask);
    const feeds = { ...pack(texts, firstPosition, false), masked: vector(masked) };
    assertClose(session.run("predict", feeds).floats("logits"), expected.logits, 5e-6);

    const filled = fillMasks(session, texts, { mask: expected.mask, firstPosition }, 7).flat();
    masked.forEach((token, index) => tokens[token] = likeliest(index, never));
    assert.deepEqual(filled, tokens);
    const whole = [{ ids: [5, 6] }];
    assert.deepEqual(fillMasks(session, whole, { mask: expected.mask, firstPosition }, 7), [[5, 6]]);
    session.close();
  });
}

Deno.test("a checkpoint without the head is refused", async () => {
  const refused = async (name: string) => checkMaskedLm(await readCheckpoint(fixture(name)));
  await assert.rejects(refused("bert-tiny-random"), /found no tensor "cls\.predictions\.bias"/);
  await assert.rejects(refused("gpt2-tiny-random"), /found a model of the family gpt2/);
});
