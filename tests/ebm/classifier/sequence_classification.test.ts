/** Classifiers as transformers keeps them. */
import assert from "node:assert/strict";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openPredictor } from "../../../src/ebm/classifier/predictor.ts";
import { readSequenceClassification } from "../../../src/ebm/classifier/sequence_classification.ts";
import { InputError } from "../../../src/errors.ts";
import { assertClose } from "../../close.ts";
import { fixture } from "../../fixtures.ts";
import { inFolder } from "../../in_folder.ts";
import { writeTinyBert } from "../../stages/tiny_task.ts";

/** Copies a tiny random model of transformers into a folder, with the tokenizer of another. */
async function copyModel(root: string, family: string, changes: Readonly<Record<string, unknown>> = {}) {
  const [model, other] = ["model", "other"].map((name) => join(root, name));
  await cp(fixture(`${family}-tiny-random`), model, { recursive: true });
  await writeTinyBert(other);
  await cp(join(other, "tokenizer.json"), join(model, "tokenizer.json"));
  await writeFile(join(model, "tokenizer_config.json"), '{"tokenizer_class": "BertTokenizer"}');
  const config = JSON.parse(await readFile(join(model, "config.json"), "utf8"));
  await writeFile(join(model, "config.json"), JSON.stringify({ ...config, ...changes }));
  return model;
}

const families = [["bert", 40], ["roberta", 42], ["distilbert", 40], ["electra", 40], ["mpnet", 40]] as const;
for (const [family, positions] of families) {
  Deno.test(`${family}: a classifier of transformers gives the logits that it gives there`, () =>
    inFolder(async (root) => {
      const folder = await copyModel(root, family);
      const description = await readSequenceClassification(folder);
      assert.deepEqual(description.classes, ["LABEL_0", "LABEL_1", "LABEL_2"]);
      assert.equal(description.maxTokens, positions);
      const options = { precision: "float32", threads: 1, scratch: root } as const;
      const predictor = await openPredictor(folder, description, options);
      const expected = JSON.parse(await readFile(join(folder, "expected.json"), "utf8"));
      const sequences = expected.input_ids.map((ids: number[], row: number) => {
        const length = expected.attention_mask[row].reduce((a: number, b: number) => a + b);
        return { ids: ids.slice(0, length), typeIds: expected.token_type_ids?.[row].slice(0, length) };
      });
      const { logits, energies } = predictor.predict(sequences);
      predictor.close();
      assertClose([...logits], expected.logits, 1e-5);
      assert.equal(energies.length, 0);
    }));
}

Deno.test("classes are those of id2label, and texts are as long as the tokenizer allows", () =>
  inFolder(async (root) => {
    const folder = await copyModel(root, "bert", { id2label: { "1": "good", "0": "bad", "2": "so so" } });
    await writeFile(join(folder, "tokenizer_config.json"), JSON.stringify({ model_max_length: 24 }));
    const description = await readSequenceClassification(folder);
    assert.deepEqual(description, { variant: "baseline", classes: ["bad", "good", "so so"], maxTokens: 24 });
  }));

Deno.test("what isn't a classifier of one class among several is refused, with what it is", () =>
  inFolder(async (root) => {
    const refused = [
      [{ architectures: ["BertForMaskedLM"] }, /found architectures "BertForMaskedLM"/],
      [{ problem_type: "multi_label_classification" }, /found problem_type "multi_label_classification"/],
      [{ id2label: { "0": "LABEL_0" } }, /found id2label of 1 class, expected two or more/],
      [
        { id2label: { "0": "a", "2": "b" } },
        /found id2label of 2 classes, expected two or more, numbered from 0/,
      ],
    ] as const;
    for (const [index, [changes, message]] of refused.entries()) {
      const folder = await copyModel(
        await Deno.makeTempDir({ dir: root, prefix: `${index}-` }),
        "bert",
        changes,
      );
      await assert.rejects(
        readSequenceClassification(folder),
        (error) => error instanceof InputError && message.test(error.message),
      );
    }
    const folder = await copyModel(root, "bert", { id2label: { "0": "a", "1": "b" } });
    const options = { precision: "float32", threads: 1, scratch: root } as const;
    const description = await readSequenceClassification(folder);
    await assert.rejects(
      openPredictor(folder, description, options),
      /found classifier\.weight of shape \[3,32\], expected classifier\.weight of shape \[2,32\]/,
    );
  }));
