/** Exported classifiers of all families, beside what transformers has computed with the same weights. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadPredictor, openPredictor } from "../../src/ebm/classifier/predictor.ts";
import { readSequenceClassification } from "../../src/ebm/classifier/sequence_classification.ts";
import { InputError } from "../../src/errors.ts";
import { modelCard } from "../../src/export/model_card.ts";
import type { ModelCalibrator } from "../../src/inference/calibrator_file.ts";
import { fitCalibrator } from "../../src/calibration/calibrators/fit.ts";
import { readSafetensors } from "../../src/nn/safetensors.ts";
import { assertClose } from "../close.ts";
import { fixture } from "../fixtures.ts";
import { inFolder } from "../in_folder.ts";
import { askPython } from "../python.ts";
import { scratch } from "../scratch.ts";
import { classes, exportTo, families, maxTokens, textsFor, writeTrained } from "./tiny_export.ts";

const options = { precision: "float32", scratch, threads: 1 } as const;
const json = (file: string) => JSON.parse(readFileSync(file, "utf8"));

/** A calibrator with this temperature, of a model of three classes. */
function calibratorOf(temperature: number, name: "temperature" | "vector" = "temperature"): ModelCalibrator {
  const predictions = {
    ...{ ids: ["a", "b", "c", "d"], classes: 3, labels: Int32Array.of(0, 1, 2, 0) },
    logits: Float64Array.of(2, 0, 1, 0, 1, 2, 1, 0, 3, 1, 0, 2),
  };
  const fitted = fitCalibrator(name, predictions);
  return {
    model: { digest: "0".repeat(64), variant: "scalar", precision: "float32" },
    classes: [...classes],
    calibrator: name === "vector"
      ? fitted
      : { ...fitted, temperature: { value: temperature, atBound: false } },
    fittedOn: { name: "dev1", examples: 4 },
    examples: { confidence: [], right: [], truth: [], energy: [] },
  };
}

for (const family of families) {
  Deno.test(`a ${family} is exported under transformers' names, and keeps the logits that transformers gave`, () =>
    inFolder(async (root) => {
      const folder = join(root, "export");
      await exportTo(folder, await writeTrained(root, family, "scalar"));
      const published = fixture(`${family}-tiny-random`);
      const [ours, theirs] = await Promise.all(
        [folder, published].map((one) => readSafetensors(join(one, "model.safetensors"))),
      );
      assert.deepEqual(ours, theirs);
      const [config, publishedConfig] = [folder, published].map((one) => json(join(one, "config.json")));
      for (const name of ["architectures", "model_type", "dtype"]) {
        assert.deepEqual(config[name], publishedConfig[name], name);
      }
      assert.deepEqual(config.id2label, { ...classes });
      assert.deepEqual(config.label2id, Object.fromEntries(classes.map((name, id) => [name, id])));
      assert.equal(json(join(folder, "tokenizer_config.json")).model_max_length, maxTokens);
      for (const name of readdirSync(folder)) {
        assert.equal(statSync(join(folder, name)).mode & 0o200, 0o200, name);
      }

      const expected = json(join(published, "expected.json"));
      const sequences = (expected.input_ids as number[][]).map((ids, row) => {
        const length = expected.attention_mask[row].reduce((a: number, b: number) => a + b);
        return { ids: ids.slice(0, length), typeIds: expected.token_type_ids?.[row].slice(0, length) };
      });
      const loaded = await openPredictor(folder, await readSequenceClassification(folder), options);
      const { logits } = loaded.predict(sequences);
      loaded.close();
      assert.deepEqual(loaded.description, { variant: "baseline", classes, maxTokens });
      assertClose(logits, expected.logits, 2e-6);
    }));
}

Deno.test("a temperature becomes part of the last layer alone", () =>
  inFolder(async (root) => {
    for (const [family, output] of [["bert", "classifier"], ["roberta", "classifier.out_proj"]] as const) {
      const model = await writeTrained(root, family, "hidden");
      const folder = join(root, family);
      const { temperature, calibrated } = await exportTo(folder, model, calibratorOf(1.6));
      assert.deepEqual([temperature, calibrated], [1.6, true]);
      const before = await readSafetensors(fixture(`${family}-tiny-random/model.safetensors`));
      const after = await readSafetensors(join(folder, "model.safetensors"));
      for (const [name, { data }] of after) {
        const divisor = name.startsWith(`${output}.`) ? 1.6 : 1;
        assertClose(data, before.get(name)!.data.map((value) => value / divisor), 0);
      }
      assert.ok(!readdirSync(folder).includes("energy_head.safetensors"));
    }
  }));

Deno.test("the sign of a negated energy is part of its head", () =>
  inFolder(async (root) => {
    const model = await writeTrained(root, "bert", "negated-scalar");
    await exportTo(join(root, "export"), model);
    const trained = await readSafetensors(join(model, "model.safetensors"));
    const head = await readSafetensors(join(root, "export", "energy_head.safetensors"));
    assert.deepEqual([...head.keys()].sort(), [
      "dense.bias",
      "dense.weight",
      "out_proj.bias",
      "out_proj.weight",
    ]);
    for (const [name, { data }] of head) {
      const sign = name.startsWith("out_proj.") ? -1 : 1;
      assertClose(data, trained.get(`energy.${name}`)!.data.map((value) => sign * value), 0);
    }
  }));

Deno.test("a calibrator that is more than a temperature is refused", () =>
  inFolder(async (root) => {
    const model = await writeTrained(root, "bert", "hidden");
    await assert.rejects(exportTo(join(root, "export"), model, calibratorOf(1, "vector")), (error) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, /found a calibrator that is more than a temperature \(vector\)/);
      return true;
    });
  }));

const python = Deno.env.get("CALIBRANT_TORCH_PYTHON");

Deno.test({
  name: "transformers loads the exports, and gives our ids, logits, probabilities and energies",
  ignore: python === undefined,
  async fn() {
    await inFolder(async (root) => {
      const exports = await Promise.all(families.map(async (family, index) => {
        // Each family has another energy, so that all of the card's code is run.
        const variant =
          (["scalar", "negated-scalar", "hidden", "scalar", "negated-sharp-hidden"] as const)[index];
        const model = await writeTrained(root, family, variant);
        const calibrator = index % 2 === 0 ? calibratorOf(1.6) : undefined;
        const [folder, texts] = [join(root, family), textsFor(family)];
        const classifier = await exportTo(folder, model, calibrator);
        const facts = {
          name: "finetune@tiny",
          data: undefined,
          measured: [],
          provenance: {},
          parameters: {},
        };
        await writeFile(join(folder, "README.md"), modelCard({ ...facts, classifier, calibrator }));
        return { folder, texts, model, temperature: calibrator ? 1.6 : 1 };
      }));
      const asked = exports.map(({ folder, texts }) => ({ folder, texts }));
      const answers = await askPython(
        python!,
        new URL("load_exports.py", import.meta.url),
        [],
        JSON.stringify(asked),
      ) as readonly Answer[];
      for (const [index, { model, texts, temperature }] of exports.entries()) {
        const { logits, probabilities, energies, ids, ...others } = answers[index];
        const ours = await loadPredictor(model, options);
        const sequences = texts.map((text) => ours.encode({ text }));
        const predicted = ours.predict(sequences);
        ours.close();
        assert.deepEqual(ids, sequences.map(({ ids }) => Array.from(ids)));
        assertClose(logits, predicted.logits.map((logit) => logit / temperature), 1e-5);
        assertClose(energies, predicted.energies, 1e-5);
        for (let row = 0; row < texts.length; row++) {
          const own = probabilities.slice(3 * row, 3 * row + 3);
          const exponentials = logits.slice(3 * row, 3 * row + 3).map(Math.exp);
          assertClose(own, exponentials.map((one) => one / exponentials.reduce((a, b) => a + b)), 1e-6);
        }
        assert.deepEqual(others.wrong_keys, []);
        assert.deepEqual(others.classes, classes);
        assert.equal(others.max_length, maxTokens);
        assert.equal(others.library, "transformers");
      }
    });
  },
});

interface Answer {
  readonly logits: readonly number[];
  readonly probabilities: readonly number[];
  readonly energies: readonly number[];
  readonly ids: readonly (readonly number[])[];
  readonly classes: readonly string[];
  readonly max_length: number;
  readonly wrong_keys: readonly string[];
  readonly library: string;
}
