import assert from "node:assert/strict";
import { join } from "node:path";
import { figureNames, measureFigures } from "../../../src/calibration/metrics/figures.ts";
import { forecastsOf, logitsOf, readPredictionFile } from "../../../src/calibration/predictions/file.ts";
import { softmax } from "../../../src/calibration/predictions/softmax.ts";
import { assertClose } from "../../close.ts";
import { messageFor, withFiles } from "../../data/files.ts";
import { threeClasses } from "../reference_data.ts";

const { logits, labels, classes } = threeClasses;
const rowsOf = (values: Float64Array) =>
  Array.from(labels, (label, i) => ({ label, values: [...values.subarray(i * classes, (i + 1) * classes)] }));

Deno.test("CSV gives what JSON Lines give, to the last bit, in any order of columns and rows past one batch", () => {
  const many = Array.from({ length: 60 }, () => rowsOf(logits)).flat();
  const json = many.map(({ label, values }, i) =>
    `${JSON.stringify({ id: `a,"${i}"`, label, logits: values, energy: -i, other: "ü" })}\n`
  );
  const csv = many.map(({ label, values }, i) =>
    `${[values[2], `"a,""${i}"""`, values[0], "ü", label, -i, values[1]].join(",")}\r\n`
  );
  const header = "logit_2,id,logit_0,other,label,energy,logit_1\r\n";
  assert.ok(json.join("").length > 2 ** 21);
  return withFiles({ "a.jsonl": json.join(""), "a.csv": header + csv.join("") }, async (folder) => {
    const read = await readPredictionFile(join(folder, "a.jsonl"));
    assert.deepEqual(read.labels, Int32Array.from(many, ({ label }) => label));
    assert.deepEqual(read.values, Float64Array.from(many.flatMap(({ values }) => values)));
    assert.equal(read.ids?.[23_999], 'a,"23999"');
    assert.deepEqual(await readPredictionFile(join(folder, "a.csv")), read);
  });
});

Deno.test("probabilities are measured as their logits are, and their logarithms are logits", () => {
  const lines = (name: string, values: Float64Array) =>
    rowsOf(values).map((row) => `${JSON.stringify({ label: row.label, [name]: row.values })}\n`).join("");
  const files = { "a.jsonl": lines("logits", logits), "b.jsonl": lines("probs", softmax(logits, classes)) };
  return withFiles(files, async (folder) => {
    const [a, b] = [
      await readPredictionFile(join(folder, "a.jsonl")),
      await readPredictionFile(join(folder, "b.jsonl")),
    ];
    const [ofA, ofB] = [a, b].map((file) => Object.values(measureFigures(forecastsOf(file), figureNames)()));
    assertClose(ofB, ofA, 1e-12);
    assertClose([...softmax(logitsOf(b), classes)], [...b.values], 1e-14);
  });
});

Deno.test("a probability that rounding put above 1 is 1, and the logit of 0 is finite", () =>
  withFiles({ "a.jsonl": '{"label": 1, "probs": [1.0000001, 0]}\n' }, async (folder) => {
    const file = await readPredictionFile(join(folder, "a.jsonl"));
    assert.deepEqual(file.values, Float64Array.of(1, 0));
    assert.deepEqual(logitsOf(file), Float64Array.of(0, Math.log(Number.MIN_VALUE)));
  }));

const good = '{"label": 0, "probs": [0.25, 0.75]}';
const mistakes: readonly (readonly [file: string, lines: readonly string[], message: string])[] = [
  ["a.jsonl", [good, '{"label": 0, "probs": [0.25, 0.752]}'], "2: found probabilities that sum to 1.002, "],
  ["a.jsonl", ['{"label": 0, "probs": [-0.25, 1.25]}'], "1: found probs[0] -0.25, expected a probability"],
  [
    "a.jsonl",
    ['{"label": 0, "probs": [null, 1]}'],
    "1: found probs[0] null, expected a probability from 0 to 1",
  ],
  ["a.jsonl", ['{"label": 0, "probs": ["0.5", 0.5]}'], '1: found probs[0] "0.5", expected a probability'],
  ["a.jsonl", ['{"label": 0, "probs": [NaN, 1]}'], "1: found a line that is not JSON"],
  ["a.jsonl", ['{"label": 2, "probs": [0, 1]}'], "1: found label 2, expected a class from 0 to 1"],
  ["a.jsonl", ['{"label": "0", "probs": [0, 1]}'], '1: found label "0", expected a class from 0 to 1'],
  ["a.jsonl", [good, '{"label": 0, "probs": [0, 0, 1]}'], "2: found 3 probs, expected 2, as in line 1"],
  ["a.jsonl", [good, '{"label": 0, "logits": [0, 1]}'], "2: found logits, expected probs, as in line 1"],
  [
    "a.jsonl",
    ['{"label": 0, "logits": [0, 1], "probs": [0, 1]}'],
    "1: found both logits and probs, expected",
  ],
  ["a.jsonl", ['{"label": 0}'], "1: found logits (missing), expected a list with one number for each"],
  [
    "a.jsonl",
    [good, '{"id": "b", "label": 0, "probs": [0, 1]}'],
    "2: found id, expected every row to have it",
  ],
  ["a.jsonl", [], " found no rows, expected at least one prediction"],
  ["a.csv", [], " found no rows, expected at least one prediction"],
  ["a.csv", ["label,prob_0,prob_1"], " found no rows, expected at least one prediction"],
  ["a.csv", ["label,prob_0,prob_1", "0,0.5,0.5", "0,0.5"], "3: found 2 fields, expected 3, as in the header"],
  [
    "a.csv",
    ["label,prob_0,prob_1", "0,0.5,half"],
    '2: found probs[1] "half", expected a probability from 0 to 1',
  ],
  ["a.csv", ["label,logit_0,logit_1", "0,,1"], '2: found logits[0] "", expected a finite number'],
  ["a.csv", ["label,logit_0,logit_1", "0,inf,1"], '2: found logits[0] "inf", expected a finite number'],
  ["a.csv", ["label,logit_0,logit_1", "2,0,1"], "2: found label 2, expected a class from 0 to 1"],
  [
    "a.csv",
    ["label,logit_0,logit_2", "0,0,1"],
    "1: found no column logit_1, expected one for each of 2 classes",
  ],
  ["a.csv", ["label,logit_0,prob_0", "0,0,1"], "1: found columns of logits and of probabilities, expected"],
  [
    "a.csv",
    ["logit_0,logit_1", "0,0"],
    '1: found no column "label" in "logit_0,logit_1", expected the true class',
  ],
  [
    "a.csv",
    ["label,a,b", "0,0,1"],
    "1: found no column logit_0 or prob_0, expected logits, or probabilities",
  ],
  ["a.csv", ["label,label,prob_0", "0,0,1"], '1: found two columns "label", expected names that differ'],
  ["a.csv", ["id,label,prob_0,prob_1", '"a,0,0,1'], "2: found quotes that don't match"],
];

for (const [name, lines, message] of mistakes) {
  Deno.test(`a bad row is refused with file and line: ${name}:${message}`, async () => {
    const content = lines.map((line) => `${line}\n`).join("");
    const found = await messageFor({ [name]: content }, (folder) => readPredictionFile(join(folder, name)));
    assert.ok(found.startsWith(`${name}:${message}`), found);
  });
}

Deno.test("a label that is nested too deep to be written out is refused like any other that is no class", async () => {
  const deep = `${"[".repeat(30_000)}${"]".repeat(30_000)}`;
  const message = await messageFor(
    { "a.jsonl": `{"label": ${deep}, "logits": [1, 2]}\n` },
    (folder) => readPredictionFile(join(folder, "a.jsonl")),
  );
  assert.match(message, /^a\.jsonl:1: found label \[{80}, expected a class from 0 to 1\n/);
});

Deno.test("a probability that is nested too deep to be written out is refused like any other list", async () => {
  const deep = `${"[".repeat(30_000)}${"]".repeat(30_000)}`;
  const message = await messageFor(
    { "a.jsonl": `{"label": 0, "probs": [${deep}, 1]}\n` },
    (folder) => readPredictionFile(join(folder, "a.jsonl")),
  );
  assert.match(message, /^a\.jsonl:1: found probs\[0\] \[{80}, expected a probability from 0 to 1\n/);
});
