import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type ConformalMethod, conformalSets } from "../../../src/calibration/metrics/conformal.ts";
import type { LabelledLogits } from "../../../src/calibration/predictions/forecasts.ts";
import { softmax } from "../../../src/calibration/predictions/softmax.ts";
import { randomStream } from "../../../src/random.ts";
import { assertClose } from "../../close.ts";
import { askPython } from "../../python.ts";
import { shared } from "../../shared.ts";
import { calibratedPredictions, predictionsOf } from "../synthetic.ts";
import { python } from "../witnesses.ts";

const methods: readonly ConformalMethod[] = ["thr", "aps"];

/** Examples whose classes have these probabilities. */
function examples(rows: readonly (readonly number[])[], labels: readonly number[]): LabelledLogits {
  return predictionsOf(rows.map((row) => row.map((probability) => Math.log(probability))), labels);
}

/** An overconfident classifier, which is what sets are for. */
function overconfident(count: number, classes: number, seed: number): LabelledLogits {
  const predictions = calibratedPredictions(count, classes, seed);
  return { ...predictions, logits: predictions.logits.map((logit) => 3 * logit) };
}

Deno.test("over draws of both splits, as many sets as asked for hold the true class", async (t) => {
  // 99 examples make 90 % a whole number of 100ths: the coverage is 0.9 on average, neither more nor less.
  const [draws, n] = [400, 99];
  const coverages = methods.map(() => new Float64Array(draws));
  for (let draw = 0; draw < draws; draw++) {
    const [dev1, dev2] = [overconfident(n, 3, 2 * draw), overconfident(n, 3, 2 * draw + 1)];
    methods.forEach((method, at) => {
      coverages[at][draw] = conformalSets(method, dev1, dev2, { seed: draw }).coverage;
    });
  }
  for (const [at, method] of methods.entries()) {
    await t.step(method, () => {
      const mean = coverages[at].reduce((total, one) => total + one, 0) / draws;
      // The standard error is √(0.09 / 101 + 0.09 / 99) / 20 = 0.0021.
      assertClose([mean], [0.9], 4 * 0.0021);
    });
  }
});

Deno.test("thr: the set is of all classes that are as probable as the threshold asks", () => {
  // Given four examples, 80 % ask for the fourth smallest of the scores 0.1, 0.2, 0.3, 0.6.
  const dev1 = examples([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3], [0.4, 0.6]], [0, 1, 0, 0]);
  // When others get sets, then it is of classes with a probability of 0.4 or more.
  const dev2 = examples([[0.55, 0.45], [0.61, 0.39], [0.05, 0.95]], [1, 1, 1]);
  const { members, sizes, meanSize, coverage, coverageOfClasses, threshold } = conformalSets(
    "thr",
    dev1,
    dev2,
    { level: 0.8, seed: 1 },
  );
  assert.deepEqual([...members], [1, 1, 1, 0, 0, 1]);
  assert.deepEqual([...sizes], [2, 1, 1]);
  assertClose([meanSize, coverage, threshold], [4 / 3, 2 / 3, 0.6], 1e-15);
  assert.deepEqual([...coverageOfClasses], [NaN, 2 / 3]);
});

Deno.test("a certain classifier: thr has one class a set, aps none where its share is too large", () => {
  const rows = Array.from({ length: 1000 }, (_, i) => i % 2 ? [-2000, 2000] : [2000, -2000]);
  const certain = predictionsOf(rows, rows.map((_, i) => i % 2));
  const thr = conformalSets("thr", certain, certain, { seed: 1 });
  assert.deepEqual([thr.coverage, thr.meanSize, thr.threshold], [1, 1, 0]);
  const aps = conformalSets("aps", certain, certain, { seed: 1 });
  assert.ok(aps.sizes.every((size) => size <= 1));
  assertClose([aps.coverage, aps.meanSize, aps.threshold], [0.9, 0.9, 0.9], 0.03);
});

Deno.test("too few examples to tell: every set holds all classes", () => {
  const dev2 = overconfident(50, 3, 1);
  for (const method of methods) {
    for (const few of [0, 1, 8]) {
      const { meanSize, coverage, threshold } = conformalSets(method, overconfident(few, 3, 2), dev2, {
        seed: 1,
      });
      assert.deepEqual([meanSize, coverage, threshold], [3, 1, Infinity]);
    }
    assert.ok(conformalSets(method, overconfident(9, 3, 2), dev2, { seed: 1 }).threshold <= 1);
  }
});

Deno.test("no examples to get sets have no coverage", () => {
  const { coverage, meanSize, sizes } = conformalSets(
    "thr",
    overconfident(50, 3, 1),
    overconfident(0, 3, 2),
    {
      seed: 1,
    },
  );
  assert.deepEqual([coverage, meanSize, [...sizes]], [NaN, NaN, []]);
});

Deno.test("the 55th of 99 scores holds 55 %, though 100 · 0.55 is more than 55 in float64", () => {
  const rows = Array.from({ length: 99 }, (_, i) => [1 - (i + 1) / 1000, (i + 1) / 1000]);
  const dev1 = examples(rows, rows.map(() => 0));
  assertClose([conformalSets("thr", dev1, dev1, { level: 0.55, seed: 1 }).threshold], [0.055], 1e-15);
});

Deno.test("the seed alone decides what aps draws, and thr draws nothing", () => {
  const [dev1, dev2] = [overconfident(200, 3, 1), overconfident(200, 3, 2)];
  const sets = (method: ConformalMethod, seed: number) => conformalSets(method, dev1, dev2, { seed });
  assert.deepEqual(sets("aps", 1), sets("aps", 1));
  assert.notDeepEqual(sets("aps", 1).members, sets("aps", 2).members);
  assert.deepEqual(sets("thr", 1), sets("thr", 2));
});

interface Given {
  readonly logits: readonly number[];
  readonly true: number;
}

const folder = shared("data/calibration/nli-predictions");

/** What RoBERTa says of sentence pairs (SNLI). */
function readPredictions(name: string): LabelledLogits {
  const rows = readFileSync(`${folder}/${name}.json`, "utf8").trim().split("\n")
    .map((line): Given => JSON.parse(line));
  return predictionsOf(rows.map(({ logits }) => logits), rows.map((row) => row.true));
}

Deno.test({
  name: "real predictions: sets of one split of SNLI hold the true class of the other as often as asked for",
  ignore: !folder,
  fn: () => {
    const [dev1, dev2] = ["SNLI_dev_roberta-base_0", "SNLI_test_roberta-base_0"].map(readPredictions);
    for (const method of methods) {
      for (const level of [0.8, 0.9, 0.95, 0.99]) {
        const { coverage } = conformalSets(method, dev1, dev2, { level, seed: 1 });
        const n = dev1.labels.length;
        assertClose([coverage], [level], 4 * Math.sqrt(2 * level * (1 - level) / n));
      }
    }
  },
});

Deno.test({ name: "the sets are MAPIE's, class by class", ignore: !python || !folder }, async () => {
  const level = 0.93;
  const splits = [
    [overconfident(300, 3, 1), overconfident(300, 3, 2)],
    [calibratedPredictions(301, 10, 3), calibratedPredictions(300, 10, 4)],
    // RoBERTa, in its own domain and in another.
    ["SNLI_dev_roberta-base_1", "MNLI_test_roberta-base_0"].map(readPredictions),
  ];
  const cases = splits.flatMap(([dev1, dev2]) => methods.map((method) => ({ method, dev1, dev2 })));
  const input = cases.map(({ method, dev1, dev2 }) => ({
    method,
    level,
    dev1: asGiven(dev1, "conformal calibration"),
    dev2: asGiven(dev2, "conformal prediction"),
  }));
  const script = new URL("conformal.py", import.meta.url);
  const theirs = await askPython(python!, script, [], JSON.stringify(input)) as readonly number[][][];
  cases.forEach(({ method, dev1, dev2 }, index) => {
    const { members } = conformalSets(method, dev1, dev2, { level, seed: 5 });
    assert.deepEqual([...members], theirs[index].flat());
  });
});

/** With the random numbers that the sets of seed 5 are from. */
function asGiven({ labels, logits, classes }: LabelledLogits, stream: string) {
  const probabilities = softmax(logits, classes);
  const random = randomStream(5, stream);
  return {
    labels: [...labels],
    probabilities: Array.from(labels, (_, i) => [...probabilities.subarray(i * classes, (i + 1) * classes)]),
    shares: Array.from(labels, () => random.next()),
  };
}
