/** Files of predictions as people have them: each is read as what it is, or refused with what to do. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type PredictionFile, readPredictionFile } from "../../../src/calibration/predictions/file.ts";
import { parseColumns, type Reading } from "../../../src/calibration/predictions/reading.ts";
import {
  checkSameClasses,
  checkSameExamples,
  sharedExamples,
} from "../../../src/calibration/predictions/same_examples.ts";
import { InputError } from "../../../src/errors.ts";
import { messageFor, withFiles } from "../../data/files.ts";

/** The labels and probabilities that all files below hold. */
const expected = { labels: Int32Array.of(0, 1), values: Float64Array.of(0.75, 0.25, 0.5, 0.5) };

const readable: Readonly<Record<string, readonly [name: string, text: string, reading?: Reading]>> = {
  "capitals": ["a.CSV", "Label,Prob_0,Prob_1\n0,.75,.25\n1,.5,.5\n"],
  "semicolons and decimal commas": ["a.csv", "label;prob_0;prob_1\n0;0,75;2,5e-1\n1;,5;0.5\n"],
  "tabs": ["a.tsv", "label\tprob_0\tprob_1\n0\t.75\t.25\n1\t.5\t.5\n"],
  "CSV by another name": ["a.txt", "label,prob_0,prob_1\n0,.75,.25\n1,.5,.5\n"],
  "JSON Lines by another name": ["a", '{"label":0,"probs":[0.75,0.25]}\n{"label":1,"probs":[0.5,0.5]}'],
  "numbers padded with zeros": ["a.csv", "label,prob_01,prob_00\n0,.25,.75\n1,.5,.5\n"],
  "empty lines at the end": ["a.csv", "label,prob_0,prob_1\n0,.75,.25\r\n1,.5,.5\r\n\r\n \r\n"],
  "line ends in quotes": [
    "a.csv",
    'text,label,prob_0,prob_1\n"a ""b"",\r\n\n1,0,1",0,.75,.25\n"c\nd",1,"0.5",.5\n',
  ],
  "names of classes in columns": ["a.csv", "label,prob_neg,prob_pos\nneg,.75,.25\npos,.5,.5\n"],
  "names of classes in objects": [
    "a.jsonl",
    '{"label":"neg","probs":{"pos":0.25,"neg":0.75}}\n{"label":"pos","probs":{"neg":0.5,"pos":0.5}}\n',
  ],
  "names of classes, given in order": [
    "a.jsonl",
    '{"label":"yes","probs":[0.75,0.25]}\n{"label":1,"probs":{"no":0.5,"yes":0.5}}\n',
    { classNames: ["yes", "no"] },
  ],
  "truth values": [
    "a.csv",
    "label,prob_0,prob_1\nFalse,.75,.25\nTrue,.5,.5\n",
    { classNames: ["False", "True"] },
  ],
  "classes numbered from 1": [
    "a.csv",
    "label,prob_1,prob_2\n1,.75,.25\n2,.5,.5\n",
    { columns: { probs: ["prob_1", "prob_2"] }, classNames: ["1", "2"] },
  ],
  "other names of columns": [
    "a.csv",
    "y,p1,p0\n0,.25,.75\n1,.5,.5\n",
    { columns: { label: ["y"], probs: ["p0", "p1"] } },
  ],
  "one column for two classes": [
    "a.csv",
    "y_true,y_prob\n0,.25\n1,.5\n",
    { columns: { label: ["y_true"], probs: ["y_prob"] } },
  ],
  "one number for two classes": [
    "a.jsonl",
    '{"label":0,"probs":0.25}\n{"label":1,"probs":0.5}\n',
    { columns: { probs: ["probs"] } },
  ],
  "fields of a JSON object": [
    "a.jsonl",
    '{"y":0,"a":0.75,"b":0.25,"logits":"?"}\n{"y":1,"a":0.5,"b":0.5}\n',
    { columns: { label: ["y"], probs: ["a", "b"] } },
  ],
  "percentages": ["a.csv", "label,prob_0,prob_1\n0,75,25\n1,49,49\n", { normalize: true }],
  "other columns, whose names are like those of classes": [
    "a.csv",
    "label,prob_0,prob_1,prob_max,logit_scale\n0,.75,.25,.75,1\n1,.5,.5,.5,1\n",
  ],
};

for (const [what, [name, text, reading]] of Object.entries(readable)) {
  Deno.test(`${what}: read`, () =>
    withFiles({ [name]: text }, async (folder) => {
      const { labels, values, form } = await readPredictionFile(join(folder, name), reading);
      assert.deepEqual({ labels, values }, expected);
      assert.equal(form, "probs");
    }));
}

Deno.test("one logit is that of class 1, and whole numbers are ids as texts are", () =>
  withFiles({ "a.jsonl": '{"id":7,"label":1,"z":-2}\n', "b.csv": "id,label,z\n7,1,-2\n" }, async (folder) => {
    const reading = { columns: { logits: ["z"] } };
    const [a, b] = [
      await readPredictionFile(join(folder, "a.jsonl"), reading),
      await readPredictionFile(join(folder, "b.csv"), reading),
    ];
    assert.deepEqual(a.values, Float64Array.of(0, -2));
    assert.deepEqual([a.form, a.ids], ["logits", ["7"]]);
    assert.deepEqual(b, a);
  }));

const refused: Readonly<
  Record<string, readonly [name: string, text: string, message: string, reading?: Reading]>
> = {
  "one numbered column": ["a.csv", "label,prob_1\n0,.25\n", "--columns label=label,probs=prob_1"],
  "one numbered column, of class 0": ["a.csv", "label,prob_0\n0,.25\n", "Add a column prob_1 for class 1."],
  "another name of the label": ["a.jsonl", '{"y_true":0,"probs":[0.5,0.5]}\n', "--columns label=y_true"],
  "one logit": ["a.csv", "label,logit\n0,.25\n", "--columns label=label,logits=logit"],
  "another name": ["a.csv", "y_true,y_prob\n0,.25\n", "--columns label=y_true,probs=y_prob"],
  "numbered columns": ["a.csv", "y,p1,p0\n0,.25,.75\n", "--columns label=y,probs=p0,p1"],
  "one number in JSON": ["a.jsonl", '{"label":0,"prob":0.25}\n', "--columns label=label,probs=prob"],
  "a number for a list": ["a.jsonl", '{"label":0,"probs":0.25}\n', "--columns probs=probs"],
  "a label that is a name": ["a.csv", "label,prob_0,prob_1\nneg,.5,.5\n", "--classes NAME,NAME,…"],
  "a truth value": ["a.jsonl", '{"label":true,"probs":[0.5,0.5]}\n', "--classes false,true"],
  "a number where classes have names": [
    "a.jsonl",
    '{"label":0,"probs":{"b":0.5,"a":0.5}}\n',
    "found label 0, expected one of a, b",
  ],
  "a label that no class has": [
    "a.csv",
    "label,prob_a,prob_b\nc,.5,.5\n",
    'found label "c", expected one of a, b',
  ],
  "classes from 1": ["a.csv", "label,prob_1,prob_2\n1,.5,.5\n", "--columns probs=prob_1,prob_2"],
  "another class": [
    "a.jsonl",
    '{"label":"a","probs":{"a":0.5,"b":0.5}}\n{"label":"a","probs":{"a":0.5,"c":0.5}}\n',
    "2: found probs of a, c, expected those of a, b",
  ],
  "votes without an order": [
    "a.jsonl",
    '{"label":"a","probs":{"a":0.5,"b":0.5},"votes":0.5}\n',
    "--classes a,b",
  ],
  "votes on three classes without an order": [
    "a.jsonl",
    '{"label":"a","probs":{"a":0.5,"b":0.5,"c":0},"votes":[1,0,0]}\n',
    "--classes a,b,c",
  ],
  "a list after names of classes": [
    "a.jsonl",
    '{"label":"a","probs":{"a":0.5,"b":0.5}}\n{"label":0,"probs":[0.5,0.5]}\n',
    "2: found probs in a list, expected by name, as in the first row",
  ],
  "names of classes after a list": [
    "a.jsonl",
    '{"label":0,"probs":[0.5,0.5]}\n{"label":"a","probs":{"a":0.5,"b":0.5}}\n',
    "2: found probs by name, expected in a list, as in the first row",
  ],
  "a list for a label": [
    "a.jsonl",
    '{"label":["a"],"probs":{"a":0.5,"b":0.5}}\n',
    'found label ["a"], expected one of a, b',
  ],
  "logits to divide by their sum": [
    "a.csv",
    "label,logit_0,logit_1\n0,1,2\n",
    "found logits, expected probabilities, which --normalize",
    { normalize: true },
  ],
  "other classes than named": [
    "a.jsonl",
    '{"label":0,"probs":[0.5,0.5]}\n',
    "found 2 probs, expected 3",
    { classNames: ["a", "b", "c"] },
  ],
  "rounded probabilities": ["a.csv", "label,prob_0,prob_1\n0,.49,.5\n", "--normalize divides"],
  "percentages": ["a.csv", "label,prob_0,prob_1\n0,49,51\n", "If they are percentages, --normalize"],
  "probabilities that don't exclude each other": [
    "a.csv",
    "label,prob_0,prob_1\n0,.9,.8\n",
    "don't exclude each other",
  ],
  "nothing to divide by": [
    "a.csv",
    "label,prob_0,prob_1\n0,0,0\n",
    "sum to 0, expected a sum above 0",
    { normalize: true },
  ],
  "no header": ["a.csv", "0,.25,.75\n", 'found a first line of numbers, "0,.25,.75", expected a header'],
  "a list in a field": [
    "a.csv",
    'label,probs\n0,"[0.25, 0.75]"\n',
    "give each class a column of its own",
    { columns: { probs: ["probs"] } },
  ],
  "a column that is not there": [
    "a.csv",
    "label,p0,p1\n0,.5,.5\n",
    'found no column "p2"',
    { columns: { probs: ["p1", "p2"] } },
  ],
  "a field that is not there": [
    "a.jsonl",
    '{"y":0,"probs":[0.5,0.5]}\n',
    'found no field "z"',
    { columns: { label: ["z"] } },
  ],
  "a JSON array": ["a.json", '[\n  {"label":0,"probs":[0.5,0.5]}\n]\n', "jq -c '.[]'"],
  "one object for all rows": [
    "a.json",
    '{"label":[0,1],"probs":[[0.5,0.5],[0.5,0.5]]}\n',
    "Write each example as an object",
  ],
  "numbers that JSON hasn't": ["a.jsonl", '{"label":0,"logits":[-Infinity,0]}\n', "JSON has no NaN"],
  "a number too large to be exact": [
    "a.jsonl",
    '{"id":9007199254740993,"label":0,"probs":[0.5,0.5]}\n',
    "found id 9007199254740992",
  ],
  "an empty line between rows": [
    "a.csv",
    "label,prob_0,prob_1\n0,.5,.5\n\n0,.5,.5\n",
    "3: found an empty line",
  ],
  "a quote that isn't closed": [
    "a.csv",
    'id,label,prob_0,prob_1\na,0,.5,.5\n"b,0,.5,.5\nc,0,.5,.5\n',
    "3: found quotes that don't match",
  ],
};

for (const [what, [name, text, message, reading]] of Object.entries(refused)) {
  Deno.test(`${what}: refused with what to do`, async () => {
    const found = await messageFor(
      { [name]: text },
      (folder) => readPredictionFile(join(folder, name), reading),
    );
    assert.ok(found.startsWith(`${name}:`) && found.includes(message), found);
    assert.doesNotMatch(found, /label NaN|undefined/);
  });
}

Deno.test("names of columns as on a command line", () => {
  assert.deepEqual(parseColumns("label=y_true,probs=p0,p 1 , id=key=a"), {
    label: ["y_true"],
    probs: ["p0", "p 1"],
    id: ["key=a"],
  });
  for (const wrong of ["", "label", "label=", "lable=y", "id=a,b", "label=a,label=b", "probs=a,logits=b"]) {
    assert.throws(() => parseColumns(wrong), InputError, wrong);
  }
  assert.throws(() => parseColumns("lable=y"), /Did you mean "label"\?/);
});

Deno.test("examples in both files are counted by ids, or else where the files hold the same", () => {
  const file = (ids: readonly string[] | undefined, first: number): PredictionFile => ({
    ...(ids ? { ids } : {}),
    classes: 2,
    form: "logits",
    values: Float64Array.of(first, 0, 1, 0, 2, 0),
    labels: Int32Array.of(0, 1, 0),
  });
  assert.equal(sharedExamples(file(["a", "b", "c"], 0), file(["c", "x", "a"], 5)), 2);
  assert.equal(sharedExamples(file(["a", "b", "c"], 0), file(["x", "y", "z"], 0)), 0);
  assert.equal(sharedExamples(file(undefined, 0), file(["x", "y", "z"], 0)), 3);
  assert.equal(sharedExamples(file(undefined, 0), file(undefined, 5)), 0);
});

Deno.test("classes of two files must have the same names in the same order", () => {
  const named = (name: string, classNames?: readonly string[]) => ({
    name,
    predictions: { classes: 2, labels: Int32Array.of(0), ...(classNames ? { classNames } : {}) },
  });
  checkSameExamples(named("a", ["no", "yes"]), named("b", ["no", "yes"]));
  assert.throws(
    () => checkSameExamples(named("a", ["no", "yes"]), named("b", ["yes", "no"])),
    /b: found yes, no, expected no, yes, as in a/,
  );
  assert.throws(
    () => checkSameClasses(named("a"), named("b", ["yes", "no"])),
    /classes without names, as in a/,
  );
});
