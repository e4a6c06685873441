/** Mistakes in a pipeline file, and the whole message that each gets. */

import assert from "node:assert/strict";
import { z } from "zod";
import { InputError } from "../../../src/errors.ts";
import type { KnownStage } from "../../../src/pipeline/graph/description.ts";
import { describeStage, readParameters } from "../../../src/pipeline/graph/describe.ts";
import { buildGraph, draftInstances } from "../../../src/pipeline/graph/graph.ts";
import type { AnyStage } from "../../../src/pipeline/graph/load.ts";
import { dependenciesOf, type Instance } from "../../../src/pipeline/graph/instance.ts";
import { readPipeline } from "../../../src/pipeline/file/spec.ts";
import { defineStage } from "../../../src/pipeline/stage.ts";

const train = defineStage({
  description: "Trains.",
  parameters: z.strictObject({
    epochs: z.int().min(1).default(3).describe("passes over the data"),
    source: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("reviews") }),
      z.strictObject({ kind: z.literal("tsv"), columns: z.array(z.string()) }),
    ]).optional().describe("where rows come from"),
    optimizer: z.strictObject({ name: z.enum(["adamw", "sgd"]).default("adamw").describe("which") })
      .prefault({}).describe("how to step"),
    any: z.unknown().optional().describe("anything"),
  }),
  inputs: {
    data: { description: "rows" },
    more: { description: "more rows", when: ({ epochs }) => epochs > 9 },
  },
  outputs: { "model": "weights" },
  run: () => Promise.resolve(),
});
const compare = defineStage({
  description: "Compares.",
  parameters: z.strictObject({}),
  inputs: { models: { description: "all of them", many: true } },
  outputs: { "table.md": "the table" },
  run: () => Promise.resolve(),
});

/** The instances of a pipeline file with this text; its stages are called train… and compare…. */
function graphOf(
  text: string | Uint8Array,
  settings: readonly string[] = [],
  definition: unknown = train,
): readonly Instance[] {
  const folder = Deno.makeTempDirSync();
  const before = Deno.cwd();
  try {
    Deno.chdir(folder); // so that messages name the file as a user would
    Deno.writeFileSync("p.yaml", typeof text === "string" ? new TextEncoder().encode(text) : text);
    const spec = readPipeline("p.yaml", settings);
    const known = Object.keys(spec.stages).map((name) => {
      const stage = (name.startsWith("compare") ? compare : definition) as AnyStage;
      const read: KnownStage["read"] = (written) => readParameters(stage, written);
      return [name, { description: describeStage(stage), read }] as const;
    });
    return buildGraph(spec, draftInstances(spec), new Map(known), folder);
  } finally {
    Deno.chdir(before);
    Deno.removeSync(folder, { recursive: true });
  }
}

function messageOf(
  text: string | Uint8Array,
  settings: readonly string[] = [],
  definition: unknown = train,
): string {
  try {
    graphOf(text, settings, definition);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return "no mistake";
}

const stage = (lines: string) => `stages:\n  train:\n    run: t.ts\n    needs: { data: ./d }\n${lines}`;

const mistakes: readonly (readonly [string, string, string])[] = [
  [
    "an unknown key",
    stage("    parms: {}\n"),
    `p.yaml:5:5: found unknown key "parms", expected one of the known keys of stages.train
      parms: {}
      ^
  Did you mean "params"?`,
  ],
  [
    "an unknown parameter",
    stage("    params:\n      epocs: 2\n"),
    `p.yaml:6:7: found unknown key "epocs", expected one of the known keys
        epocs: 2
        ^
  Did you mean "epochs"?`,
  ],
  [
    "an unknown parameter within another",
    stage("    params: { optimizer: { nam: sgd } }\n"),
    `p.yaml:5:28: found unknown key "nam", expected one of the known keys of optimizer
      params: { optimizer: { nam: sgd } }
                             ^
  Did you mean "name"?`,
  ],
  [
    "a wrong type",
    stage("    params: { epochs: many }\n"),
    `p.yaml:5:23: found epochs: "many", expected a number
      params: { epochs: many }
                        ^`,
  ],
  [
    "a value out of range",
    stage("    params: { epochs: 0 }\n"),
    `p.yaml:5:23: found epochs: 0, expected a value >=1
      params: { epochs: 0 }
                        ^`,
  ],
  [
    "a value that isn't one of those known",
    stage("    params: { optimizer: { name: lion } }\n"),
    `p.yaml:5:34: found optimizer.name: "lion", expected one of "adamw", "sgd"
      params: { optimizer: { name: lion } }
                                   ^`,
  ],
  [
    "no module",
    "stages:\n  train:\n    needs: {}\n",
    `p.yaml:3:5: found no stages.train.run, expected a text
      needs: {}
      ^
  Add \`run\`.`,
  ],
  [
    "a name that isn't one",
    "stages:\n  Train: { run: t.ts }\n",
    `p.yaml:2:3: found the name "Train", expected lower-case letters, digits and hyphens, a letter first
    Train: { run: t.ts }
    ^`,
  ],
  [
    "a name that is taken",
    "stages:\n  setup: { run: t.ts }\n",
    `p.yaml:2:3: found the name "setup", expected another name: artifacts/setup holds what set-up installs
    setup: { run: t.ts }
    ^`,
  ],
  [
    "another name that is taken",
    "stages:\n  profile: { run: t.ts }\n",
    `p.yaml:2:3: found the name "profile", expected another name: artifacts/profile holds profiles
    profile: { run: t.ts }
    ^`,
  ],
  [
    "a duplicate key",
    stage("    run: u.ts\n"),
    `p.yaml:5:5: found a key that is there twice, expected each key once
      run: u.ts
      ^
  Remove one of the two.`,
  ],
  [
    "a stage that isn't there",
    stage("  compare:\n    run: c.ts\n    needs: { models: trian@* }\n"),
    `p.yaml:7:22: found the input "trian@*", expected a stage, or ./path for your own files
      needs: { models: trian@* }
                       ^
  Did you mean "train"?`,
  ],
  [
    "an input that isn't one",
    "stages:\n  train:\n    run: t.ts\n    needs: { dta: ./d }\n",
    `p.yaml:4:14: found unknown input "dta", expected one that the stage train declares
      needs: { dta: ./d }
               ^
  Did you mean "data"?`,
  ],
  [
    "an input that is missing",
    "stages:\n  train:\n    run: t.ts\n",
    `p.yaml:2:3: found no input "data", expected it under \`needs\`: rows
    train:
    ^
  Add \`needs: { data: … }\`: a stage, stage:path, or ./path for your own files.`,
  ],
  [
    "an output that isn't one",
    stage("  train-more:\n    run: t.ts\n    needs: { data: train:modle }\n"),
    `p.yaml:7:20: found the output "modle" of train, expected one that it declares
      needs: { data: train:modle }
                     ^
  Did you mean "model"?`,
  ],
  [
    "a variant that isn't one",
    stage(
      "    matrix: { size: [big, small] }\n  train-more:\n    run: t.ts\n    needs: { data: train@bg }\n",
    ),
    `p.yaml:8:20: found "train@bg", expected a variant of train
      needs: { data: train@bg }
                     ^
  Did you mean "big"?`,
  ],
  [
    "a stage with a matrix where several instances are wanted",
    stage("    matrix: { size: [big] }\n  compare:\n    run: c.ts\n    needs: { models: train }\n"),
    `p.yaml:8:22: found "train", expected instances of it
      needs: { models: train }
                       ^
  Write train@*.`,
  ],
  [
    "a glob that no instance fits",
    stage("    matrix: { size: [big] }\n  compare:\n    run: c.ts\n    needs: { models: train@s* }\n"),
    `p.yaml:8:22: found "train@s*", expected instances that there are, such as train@big
      needs: { models: train@s* }
                       ^`,
  ],
  [
    "a glob where one instance is wanted",
    stage("    matrix: { size: [big] }\n  train-more:\n    run: t.ts\n    needs: { data: train@* }\n"),
    `p.yaml:8:20: found "train@*", expected one instance
      needs: { data: train@* }
                     ^
  Write train@big.`,
  ],
  [
    "a value of a matrix given twice",
    stage("    matrix: { size: [big, big] }\n"),
    `p.yaml:5:27: found the variant "big" twice, expected each value once
      matrix: { size: [big, big] }
                            ^`,
  ],
  [
    "an unknown dimension in an exclusion",
    stage("    matrix: { size: [big, small], exclude: [{ sise: big }] }\n"),
    `p.yaml:5:47: found unknown dimension "sise", expected one of this matrix
      matrix: { size: [big, small], exclude: [{ sise: big }] }
                                                ^
  Did you mean "size"?`,
  ],
  [
    "an exclusion of nothing",
    stage("    matrix: { size: [big, small], exclude: [{ size: tiny }] }\n"),
    `p.yaml:5:45: found an exclusion that no combination matches, expected values of the matrix
      matrix: { size: [big, small], exclude: [{ size: tiny }] }
                                              ^
  Correct it, or remove it.`,
  ],
  [
    "an instance that is included twice",
    stage("    matrix: { size: [big], include: [{ size: tiny }, { size: tiny }] }\n"),
    `p.yaml:5:54: found the variant "tiny" twice, expected each value once
      matrix: { size: [big], include: [{ size: tiny }, { size: tiny }] }
                                                       ^`,
  ],
  [
    "a request for more than there is",
    `resources: { gpu: 1 }\n${stage("    resources: { gpu: 2 }\n")}`,
    `p.yaml:6:23: found gpu: 2, expected at most 1, which is all there is
      resources: { gpu: 2 }
                        ^
  Ask for less, or say that there is more: --resource gpu=2, or \`resources\` in the file.`,
  ],
  [
    "a resource that there isn't",
    stage("    resources: { gpu: 2 }\n"),
    `p.yaml:5:18: found unknown resource "gpu", expected one that there is: cpu
      resources: { gpu: 2 }
                   ^
  Ask for less, or say that there is more: --resource gpu=2, or \`resources\` in the file.`,
  ],
  [
    "a kind that isn't one of those known",
    stage("    params: { source: { kind: tvs } }\n"),
    `p.yaml:5:31: found source.kind: "tvs", expected one of "reviews", "tsv"
      params: { source: { kind: tvs } }
                                ^`,
  ],
  [
    "a reference in a list",
    stage('    params: { source: { kind: tsv, columns: [a, "x${vars.b}"] } }\n'),
    `p.yaml:5:49: found unknown reference \${vars.b}, expected a name from \`vars\`, or from the stage's \`matrix\`
      params: { source: { kind: tsv, columns: [a, "x\${vars.b}"] } }
                                                  ^
  None is known here.`,
  ],
  [
    "a reference that doesn't end",
    `vars: { seed: 1 }\n${stage('    params: { epochs: "${vars.seed" }\n')}`,
    `p.yaml:6:23: found \${ without its }, expected a reference such as \${vars.seed}
      params: { epochs: "\${vars.seed" }
                        ^`,
  ],
  [
    "an unknown reference",
    `vars: { seed: 1 }\n${stage('    params: { epochs: "${vars.sede}" }\n')}`,
    `p.yaml:6:23: found unknown reference \${vars.sede}, expected a name from \`vars\`, or from the stage's \`matrix\`
      params: { epochs: "\${vars.sede}" }
                        ^
  Did you mean "vars.seed"?`,
  ],
  [
    "a cycle",
    `stages:
  train-a: { run: t.ts, needs: { data: train-c } }
  train-b: { run: t.ts, needs: { data: train-a } }
  train-c: { run: t.ts, needs: { data: train-b } }
`,
    `p.yaml:2:40: found a cycle: train-a → train-c → train-b → train-a, expected stages that don't need their own results
    train-a: { run: t.ts, needs: { data: train-c } }
                                         ^
  Remove one of these inputs.`,
  ],
  [
    "an empty file",
    "",
    "p.yaml:1:1: found nothing, expected a mapping",
  ],
];

for (const [what, text, message] of mistakes) {
  Deno.test(`${what} is told with its place and what to do`, () => assert.equal(messageOf(text), message));
}

Deno.test("YAML that can't be parsed is told with its place", () => {
  assert.match(
    messageOf("stages:\n  train: [1, 2\n"),
    /^p\.yaml:\d:\d+: found invalid YAML: .+, expected valid YAML/,
  );
});

Deno.test("a file that isn't UTF-8, one that is too large and one that isn't there are refused", () => {
  assert.equal(
    messageOf(new Uint8Array([0x61, 0x3a, 0x20, 0xff])),
    "p.yaml: found bytes that aren't UTF-8, expected a text file in UTF-8",
  );
  assert.match(
    messageOf(`# ${"x".repeat(10 * 1024 * 1024)}`),
    /^p\.yaml:1:1: found a file of 10\.0 MB, expected at most 10 MB/,
  );
  assert.throws(() => readPipeline("missing.yaml", []), /^InputError: missing\.yaml: found no such file/);
});

Deno.test("an alias bomb is refused at the alias with which it is one", () => {
  const levels = Array.from({ length: 12 }, (_, i) => `x${i + 1}: &x${i + 1} [${`*x${i}, `.repeat(9)}]`).join(
    "\n",
  );
  // 9 + 81 + 729 + 6561 = 7380 values by alias up to x4; each alias of x4 adds 6561: the first of them, in
  // line 6.
  assert.match(
    messageOf(`x0: &x0 [lol]\n${levels}\n`),
    /^p\.yaml:6:10: found aliases \(\*name\) that stand for too much, .*\n {2}x5: &x5 \[\*x4, .*\n {11}\^\n/,
  );
  assert.match(
    messageOf("x: &x [1, *x]\n"),
    /^p\.yaml:1:11: found aliases \(\*name\) that stand for too much/,
  );
});

Deno.test("an alias stands for the value before it of that name, and for nothing if there is none", () => {
  const vars = "vars: { a: &epochs 2, b: &epochs 3 }\n";
  assert.equal(graphOf(vars + stage("    params: { epochs: *epochs }\n"))[0]?.parameters.epochs, 3);
  assert.match(
    messageOf("stages:\n  train: *epochs\n"),
    /^p\.yaml:2:10: found the alias \*epochs, expected a value before it that is marked &epochs\n/,
  );
});

Deno.test("a reference that is all of a value keeps its type; within a text it is written out", () => {
  const text = `vars: { n: 4, kind: sgd }\n${
    stage(
      '    matrix: { k: [1, 2] }\n    params: { epochs: "${matrix.k}", optimizer: { name: "${vars.kind}" } }\n',
    )
  }  train-more:\n    run: t.ts\n    needs: { data: "train@\${vars.n}" }\n`;
  assert.match(messageOf(text), /found "train@4", expected a variant of train/);
  const graph = graphOf(text.replace("n: 4", "n: 2"));
  assert.deepEqual(graph.map(({ name, parameters }) => [name, parameters.epochs]), [
    ["train@1", 1],
    ["train@2", 2],
    ["train-more", 3],
  ]);
  assert.deepEqual(graph[0]?.parameters.optimizer, { name: "sgd" });
});

Deno.test("a matrix of two dimensions has an instance for each combination", () => {
  const graph = graphOf(stage("    matrix: { size: [big, small], seed: [1, 2] }\n"));
  assert.deepEqual(graph.map(({ name }) => name), [
    "train@big,1",
    "train@big,2",
    "train@small,1",
    "train@small,2",
  ]);
});

Deno.test("a matrix leaves out what is excluded, then takes in what is included", () => {
  const graph = graphOf(stage(`
    matrix:
      size: [big, small]
      seed: [1, 2]
      exclude: [{ size: small, seed: 2 }]
      include: [{ epochs: 5 }, { size: big, epochs: 7 }, { seed: 9, size: tiny, epochs: 8 }]
    params: { epochs: "\${matrix.epochs}" }
`));
  assert.deepEqual(graph.map(({ name, parameters }) => [name, parameters.epochs]), [
    ["train@big,1", 7],
    ["train@big,2", 7],
    ["train@small,1", 5],
    ["train@tiny,9,8", 8],
  ]);
});

Deno.test("a matrix of included instances only has just these", () => {
  const graph = graphOf(
    stage("    matrix: { include: [{ size: big, seed: 1 }, { size: small, seed: 2 }] }\n"),
  );
  assert.deepEqual(graph.map(({ name }) => name), ["train@big,1", "train@small,2"]);
});

Deno.test("what there is of a resource is in the file, or on the command line, which wins", () => {
  const text = `resources: { gpu: 1 }\n${stage("    resources: { gpu: 2, memory: 0.5 }\n")}`;
  const [instance] = graphOf(text, ["resources.gpu=2", "resources.memory=4"]);
  assert.deepEqual(instance?.resources, { cpu: 1, gpu: 2, memory: 0.5 });
});

Deno.test("an instance comes after what it needs, otherwise in the file's order", () => {
  const graph = graphOf(`stages:
  compare: { run: c.ts, needs: { models: train-b@* } }
  train-b: { run: t.ts, matrix: { n: [1, 2] }, needs: { data: train-a:model/part } }
  train-a: { run: t.ts, needs: { data: ../d } }
`);
  assert.deepEqual(graph.map(({ name }) => name), ["train-a", "train-b@1", "train-b@2", "compare"]);
});

Deno.test("an input of several instances takes those that a glob fits, sorted, or a single one", () => {
  const needs = (models: string) =>
    graphOf(`stages:
  train: { run: t.ts, matrix: { task: [b, a], n: [2, 1] }, needs: { data: ./d } }
  train-one: { run: t.ts, needs: { data: ./d } }
  compare: { run: c.ts, matrix: { task: [a] }, needs: { models: "${models}" } }
`).flatMap((instance) => instance.stage === "compare" ? dependenciesOf(instance) : []);
  assert.deepEqual(needs("train@*"), ["train@a,1", "train@a,2", "train@b,1", "train@b,2"]);
  assert.deepEqual(needs("train@${matrix.task},*"), ["train@a,1", "train@a,2"]);
  assert.deepEqual(needs("train@*,1"), ["train@a,1", "train@b,1"]);
  assert.deepEqual(needs("train@b,2"), ["train@b,2"]);
  assert.deepEqual(needs("train-one"), ["train-one"]);
});

Deno.test("an input that `when` rules out may be there or not", () => {
  const [instance] = graphOf(stage("").replace("./d }", "./d, more: ./m }"));
  assert.deepEqual([...instance?.inputs.keys() ?? []], ["data"]);
  assert.match(messageOf(stage("    params: { epochs: 10 }\n")), /found no input "more"/);
});

Deno.test("--set lays values over the file, and a mistake in one is told as its own", () => {
  const [instance] = graphOf(stage(""), ["train.epochs=7", "train.optimizer.name=sgd"]);
  assert.deepEqual(instance?.parameters, { epochs: 7, optimizer: { name: "sgd" } });
  assert.equal(
    messageOf(stage(""), ["train.epochs=none"]),
    '--set train.epochs=none: found epochs: "none", expected a number',
  );
  assert.match(messageOf(stage(""), ["trian.epochs=1"]), /unknown stage "trian".*\n.*Did you mean "train"\?/);
  assert.match(messageOf(stage(""), ["vars.seed=1"]), /unknown variable "seed"/);
  assert.match(messageOf(stage(""), ["epochs"]), /found no assignment/);
  assert.match(
    messageOf(stage(""), ["resources.gpu"]),
    /^--resource gpu: found no assignment, expected NAME=AMOUNT\n {2}For example: --resource cpu=4$/,
  );
  assert.match(
    messageOf(stage(""), ["train.epochs=20251201123456789"]),
    /^--set train\.epochs=20251201123456789: found the whole number 20251201123456789, which would be rounded/,
  );
  for (const value of ["[1", "*x", "{ a: &x 1, b: *x }"]) {
    assert.match(
      messageOf(stage(""), [`train.epochs=${value}`]),
      /found a value that isn't valid YAML, or has an alias/,
    );
  }
});

const json = "what JSON can hold: a text, a finite number, true, false, null, or a list or mapping of these";

for (
  const [what, text, message] of [
    [
      "a date",
      "%YAML 1.1\n---\nvars: { a: 2020-01-01 }\n",
      `3:12: found a date (2020-01-01T00:00:00.000Z), expected ${json}`,
    ],
    ["binary data", "vars: { a: !!binary aGVsbG8= }\n", `1:21: found binary data, expected ${json}`],
    ["a set", "vars: { a: [!!set { a, b }] }\n", `1:19: found a Set, expected ${json}`],
    [
      "an infinity where any value may be",
      stage("    params: { any: [1, .inf] }\n"),
      `5:24: found Infinity, expected ${json}`,
    ],
    [
      "the name __proto__",
      "vars: { a: { __proto__: 1 } }\n",
      `1:14: found the name "__proto__", expected another name`,
    ],
    [
      "a whole number that would be rounded",
      "vars: { a: 9007199254740993 }\n",
      "1:12: found the whole number 9007199254740993, which would be rounded",
    ],
    ["an unknown tag", "vars: { a: !foo bar }\n", "1:12: found invalid YAML: Unresolved tag: !foo"],
    [
      "too many levels",
      `vars: { a: ${"[".repeat(200)}${"]".repeat(200)} }\n`,
      "1:110: found too many levels of nesting, expected at most 100 levels\n",
    ],
    [
      "more levels than the stack has",
      `vars: { a: ${"[".repeat(20_000)}${"]".repeat(20_000)} }\n`,
      "found too many levels of nesting, expected at most 100 levels\n",
    ],
    [
      "an instance whose name is too long for a file's",
      stage(`    matrix: { x: [${"n".repeat(200)}] }\n`),
      "2:3: found an instance whose name has 206 letters",
    ],
  ] as const
) {
  Deno.test(`${what} is refused with its place`, () => {
    const found = messageOf(text);
    assert.ok(`${found}\n`.includes(message), found);
    assert.ok(found.length < 500);
  });
}

Deno.test("a setting's value and names are JSON's too", () => {
  for (
    const setting of [
      "train.epochs=!!binary aGVsbG8=",
      "vars.__proto__.x=1",
      `train.epochs=${"[".repeat(9999)}`,
    ]
  ) {
    const message = messageOf(stage(""), [setting]);
    assert.match(message, /^--set (train\.epochs|vars\.__proto__)/);
    assert.ok(message.length < 500);
  }
});

Deno.test("what a stage's schema makes of parameters is JSON, and it does so at once", () => {
  const made: readonly (readonly [z.ZodType, RegExp])[] = [
    [z.coerce.date(), /^p\.yaml:5:20: found a date \(.*Z\), which the stage's schema makes of this/],
    [z.coerce.bigint(), /found a bigint \(2\), which/],
    [z.string().transform((text) => new RegExp(text)), /found a RegExp, which/],
    [z.string().transform(() => [undefined]), /found undefined, which/],
    [z.string().refine(() => Promise.resolve(true)), /found a schema with an asynchronous check/],
    [z.string().transform(() => JSON.parse("{")), /found a schema that fails \(/],
  ];
  for (const [any, message] of made) {
    const parameters = z.strictObject({ any });
    const definition = { ...train, parameters, inputs: { data: { description: "rows" } } };
    const text = stage(`    params: { any: "2" }\n`);
    assert.match(messageOf(text, [], definition), message);
  }
});
