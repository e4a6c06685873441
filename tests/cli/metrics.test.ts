/** `deno task metrics`, with the permissions that the task has. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { assertClose } from "../close.ts";
import { threeClasses } from "../calibration/reference_data.ts";
import { calibratedPredictions } from "../calibration/synthetic.ts";
import { withFiles } from "../data/files.ts";
import { assertWellFormed } from "../well_formed.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

async function metrics(...args: readonly string[]) {
  return await metricsWithInput("", ...args);
}

async function metricsWithInput(input: string, ...args: readonly string[]) {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "metrics", ...args],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code, stdout, stderr } = await process.output();
  const [output, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, output, errors };
}

async function measured(...args: readonly string[]) {
  const { code, output, errors } = await metrics(...args, "--json");
  assert.equal(code, 0, errors);
  return JSON.parse(output);
}

const { logits, labels, classes } = threeClasses;
const rows = Array.from(labels, (label, i) => ({
  id: `row ${i}`,
  label,
  logits: Array.from(logits.subarray(i * classes, (i + 1) * classes)),
}));
const jsonLines = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const tripled = rows.map((row) => ({ ...row, logits: row.logits.map((logit) => 3 * logit) }));

const names = [
  ...["accuracy", "nll", "brier", "ece", "ece_floor", "ece_debiased", "ece_classwise", "smooth_ece", "mce"],
  ...["auroc_error", "aurc"],
];
const allNames = [
  ...["accuracy", "macro_f1", "mcc", "nll"],
  ...["brier", "brier_reliability", "brier_resolution", "brier_uncertainty", "brier_remainder"],
  ...["ece", "ece_floor", "ece_debiased", "ece_classwise", "ace", "smooth_ece", "mce"],
  ...["auroc_error", "aurc"],
];

Deno.test("--json is one object with the figures of scikit-learn, uncertainty-calibration and relplot", () =>
  withFiles({ "a.jsonl": jsonLines(rows) }, async (folder) => {
    const figures = await measured(join(folder, "a.jsonl"));
    assert.deepEqual(Object.keys(figures), ["n", "classes", ...names]);
    assert.equal(figures.n, 400);
    assert.equal(figures.classes, 3);
    assert.equal(figures.accuracy, 0.325);
    assertClose([figures.nll], [1.3877604016792546], 1e-12); // log_loss(labels, p)
    assertClose([figures.brier], [0.8224227955394211], 1e-12); // brier_score_loss(labels, p, scale_by_half=False)
    assertClose([figures.ece], [0.27694466004061047], 1e-12); // calibration.get_ece(p, labels, num_bins=20)
    assertClose([figures.smooth_ece], [0.2770827952026854], 5e-5); // smECE(confidence, correct)
    assertClose([figures.auroc_error], [0.5056980056980058], 1e-12); // roc_auc_score(correct, confidence)
    // (np.cumsum(~correct[np.argsort(-confidence)]) / i).mean()
    assertClose([figures.aurc], [0.6712447002560654], 1e-12);
  }));

Deno.test("--all adds further figures, those of scikit-learn and NumPy, with intervals and differences too", () =>
  withFiles({ "a.jsonl": jsonLines(rows), "b.jsonl": jsonLines(tripled) }, async (folder) => {
    const [a, b] = [join(folder, "a.jsonl"), join(folder, "b.jsonl")];
    const figures = await measured(a, "--all");
    assert.deepEqual(Object.keys(figures), ["n", "classes", ...allNames]);
    assert.equal(figures.aurc, (await measured(a)).aurc);
    assertClose([figures.macro_f1], [0.30960261548309104], 1e-12); // f1_score(labels, predicted, average='macro')
    assertClose([figures.mcc], [-0.011741024689557292], 1e-12); // matthews_corrcoef(labels, predicted)
    const { brier_reliability, brier_resolution, brier_uncertainty, brier_remainder } = figures;
    assertClose(
      [brier_reliability - brier_resolution + brier_uncertainty + brier_remainder],
      [figures.brier],
      1e-12,
    );
    const { ace } = await measured(a, "--all", "--bins", "15");
    assertClose([ace], [0.19057502057452141], 1e-12); // by NumPy: see adaptive_calibration_error.test.ts
    const resampled = await measured(a, "--all", "--bootstrap", "50");
    const { value, low, high } = resampled.mcc;
    assert.ok(value === figures.mcc && low <= value && value <= high);
    const { difference } = await measured("--all", "--compare", a, b, "--bootstrap", "50");
    assert.equal(difference.mcc.value, 0); // tripled logits change no class
    assert.equal(difference.brier_reliability.verdict, "higher");
  }));

Deno.test("with --bootstrap each figure has bounds around it, the same ones for the same seed", () =>
  withFiles({ "a.jsonl": jsonLines(rows) }, async (folder) => {
    const run = (seed: string) =>
      measured(join(folder, "a.jsonl"), "--bootstrap", "100", "--seed", seed, "--bins", "10");
    const figures = await run("3");
    for (const name of names) {
      assert.deepEqual(Object.keys(figures[name]), ["value", "low", "high"]);
      assert.ok(figures[name].low <= figures[name].value && figures[name].value <= figures[name].high, name);
    }
    assert.deepEqual(await run("3"), figures);
    assert.notDeepEqual(await run("4"), figures);
  }));

Deno.test("bins are as asked for, and several files give an object by name", () =>
  withFiles({
    // Its confidences lie on edges of the 20 bins: ece by hand, see
    // tests/calibration/metrics/figures.test.ts.
    "edges.csv": "label,prob_0,prob_1\n0,.95,.05\n1,.9,.1\n0,.85,.15\n0,.55,.45\n1,.5,.5\n",
    "a.jsonl": jsonLines(rows),
  }, async (folder) => {
    const [edges, other] = [join(folder, "edges.csv"), join(folder, "a.jsonl")];
    const both = await measured(edges, other, "--bins", "20", "--binning", "width", "--edge", "right");
    assert.deepEqual(Object.keys(both), [edges, other]);
    assertClose([both[edges].ece], [0.41], 1e-12);
    const oneBin = await measured(edges, "--bins", "1");
    assertClose([oneBin.ece], [0.15], 1e-12); // mean confidence .75, accuracy .6
    const halves = await measured(edges, "--bins", "2", "--edge", "left");
    assertClose([halves.ece], [0.15], 1e-12); // [.5, 1] holds all
    const mass = await measured(edges, "--bins", "2", "--binning", "mass");
    assertClose([mass.ece], [0.19], 1e-12); // .5 .55 .85 with 2 right, .9 .95 with 1: (.1 + .85) / 5
    const rounded = await measured(edges, "--precision", "float32");
    assertClose([rounded.ece], [0.35], 1e-6); // rounded, some lie on the other side of their edge
  }));

Deno.test("votes add figures of their own", () =>
  withFiles({ "a.csv": "label,prob_0,prob_1,votes\n0,.75,.25,.5\n1,0,1,1\n" }, async (folder) => {
    const figures = await measured(join(folder, "a.csv"));
    // By hand; the second row's people and classifier agree and are certain.
    const crossEntropy = -(Math.log(0.75) + Math.log(0.25)) / 2;
    assertClose([figures.votes_cross_entropy], [crossEntropy / 2], 1e-14);
    assertClose([figures.votes_kl], [(crossEntropy - Math.LN2) / 2], 1e-14);
    assertClose([figures.votes_total_variation, figures.votes_ece], [0.125, 0.125], 1e-14);
    const resampled = await measured(join(folder, "a.csv"), "--bootstrap", "50");
    assert.deepEqual(Object.keys(resampled.votes_ece), ["value", "low", "high"]);
    assert.match((await metrics(join(folder, "a.csv"))).output, /^ {2}votes_ece +0\.1250$/m);
  }));

Deno.test("votes on three classes are measured, and stay beside calibrated probabilities", () => {
  const row = (probs: readonly number[], votes: readonly number[]) => ({ label: 0, probs, votes });
  const rows = [row([0.5, 0.25, 0.25], [0.5, 0.5, 0]), row([1, 0, 0], [1, 0, 0])];
  return withFiles({ "a.jsonl": jsonLines(rows) }, async (folder) => {
    const [file, written] = [join(folder, "a.jsonl"), join(folder, "b.jsonl")];
    const figures = await measured(file, "--classes", "x,y,z");
    // By hand, as above.
    const crossEntropy = -(Math.log(0.5) + Math.log(0.25)) / 2;
    assertClose([figures.votes_cross_entropy], [crossEntropy / 2], 1e-14);
    assertClose([figures.votes_kl], [(crossEntropy - Math.LN2) / 2], 1e-14);
    assertClose([figures.votes_total_variation, figures.votes_ece], [1 / 8, 1 / 12], 1e-14);
    await measured(file, "--fit", "temperature", "--fit-on", file, "--write-calibrated", written);
    const lines = readFileSync(written, "utf8").trim().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(lines.map(({ votes }) => votes), rows.map(({ votes }) => votes));
  });
});

Deno.test("--fit temperature finds by how much calibrated logits were multiplied, and undoes it", () => {
  const { logits, labels } = calibratedPredictions(20_000, 2, 5);
  const lines = (factor: number) =>
    jsonLines(Array.from(labels, (label, i) => ({
      label,
      logits: [factor * logits[2 * i], factor * logits[2 * i + 1]],
    })));
  return withFiles({ "a.jsonl": lines(1), "b.jsonl": lines(3) }, async (folder) => {
    const [a, b] = [join(folder, "a.jsonl"), join(folder, "b.jsonl")];
    const { temperature, calibrator, ...figures } = await measured(b, "--fit", "temperature", "--fit-on", b);
    assertClose([temperature.value / 3], [1], 0.03);
    assert.equal(temperature.atBound, false);
    assert.deepEqual(Object.keys(calibrator), ["name", "summary"]);
    const ofA = await measured(a);
    assertClose([figures.accuracy, figures.auroc_error], [ofA.accuracy, ofA.auroc_error], 1e-12);
    assertClose([figures.nll, figures.ece], [ofA.nll, ofA.ece], 0.005);
    const { output } = await metrics(b, "--fit", "temperature", "--fit-on", b);
    assert.match(
      output,
      /b\.jsonl: 20,000 examples, 2 classes, calibrated by temperature \(T = [23]\.\d+\)\n/,
    );
  });
});

Deno.test("--fit takes every calibrator, and says what the data left open", () =>
  withFiles({ "a.jsonl": '{"label":0,"logits":[1,0]}\n{"label":1,"logits":[0,3]}\n' }, async (folder) => {
    const file = join(folder, "a.jsonl");
    const { calibrator, temperature, nll } = await measured(file, "--fit", "isotonic", "--fit-on", file);
    assert.equal(calibrator.name, "isotonic");
    assert.match(calibrator.note, /probabilities of 0/);
    assert.deepEqual([temperature, nll], [undefined, 0]);
    const { output } = await metrics(file, "--fit", "beta", "--fit-on", file);
    assert.match(output, /calibrated by beta \(a = .*\)\n {2}Note: scores tell the class without a mistake/);
    const { errors } = await metrics(file, "--fit", "magic", "--fit-on", file);
    assert.match(errors, /Allowed choices are temperature, temperature-grid, vector/);
  }));

Deno.test("a calibrator fitted on examples that are measured is told in the first line and in JSON", () =>
  withFiles({
    "a.jsonl": jsonLines(rows),
    "half.jsonl": jsonLines(rows.map((row, i) => i < 300 ? row : { ...row, id: `other ${i}` })),
    "others.jsonl": jsonLines(rows.map((row) => ({ ...row, id: `other ${row.id}` }))),
  }, async (folder) => {
    const [a, half, others] = ["a.jsonl", "half.jsonl", "others.jsonl"].map((name) => join(folder, name));
    const { output } = await metrics(a, "--fit", "platt", "--fit-on", a);
    assert.match(
      output,
      /^Warning: platt was fitted on the same examples, so that the figures are too good\.\n/,
    );
    const { warning } = await measured(a, "--fit", "platt", "--fit-on", half);
    assert.match(warning, /^300 of 400 ids are also in .*half\.jsonl, on which platt was fitted, so/);
    const { warning: none } = await measured(a, "--fit", "platt", "--fit-on", others);
    assert.equal(none, undefined);
  }));

Deno.test("a calibrator that was saved does what it did, and its probabilities are written to the last bit", () =>
  withFiles({
    "a.jsonl": jsonLines(rows),
    "b.csv": `label,prob_x,prob_y\n${"x,.9,.1\ny,.8,.2\ny,.3,.7\nx,.6,.4\n".repeat(5)}`,
  }, async (folder) => {
    const path = (name: string) => join(folder, name);
    for (const [file, name] of [["a.jsonl", "matrix"], ["b.csv", "isotonic"]]) {
      const [saved, written] = [path(`${name}.json`), path(`${name}.jsonl`)];
      const { calibrator, warning: _, ...figures } = await measured(
        ...[
          path(file),
          "--fit",
          name,
          "--fit-on",
          path(file),
          "--save",
          saved,
          "--write-calibrated",
          written,
        ],
      );
      assert.deepEqual(await measured(path(file), "--apply", saved), { ...figures, calibrator });
      assert.deepEqual(await measured(written), figures);
    }
    const [first] = readFileSync(path("isotonic.jsonl"), "utf8").split("\n");
    assert.deepEqual(Object.keys(JSON.parse(first).probs), ["x", "y"]);
    const [second] = readFileSync(path("matrix.jsonl"), "utf8").split("\n");
    assert.deepEqual(Object.keys(JSON.parse(second)), ["id", "label", "probs"]);
    const { code, errors } = await metrics(path("b.csv"), "--apply", path("matrix.json"));
    assert.equal(code, 2);
    assert.match(errors, /found predictions of 2 classes, expected 3, as the calibrator was fitted on/);
  }));

Deno.test("standard input, other names of columns, names of classes and rounded rows are read as options say", async () => {
  const rows = ["y_true;y_prob", "ham;0,2", "spam;0,9", "ham;0,4", ""].join("\n");
  const options = ["--columns", "label=y_true,probs=y_prob", "--classes", "ham,spam", "--json"];
  const { output, errors } = await metricsWithInput(rows, "-", ...options);
  assert.equal(errors, "");
  const { n, classes, accuracy } = JSON.parse(output);
  assert.deepEqual({ n, classes, accuracy }, { n: 3, classes: 2, accuracy: 1 });
  const rounded = "label,prob_0,prob_1,prob_2\n0,.33,.33,.33\n1,.33,.33,.33\n";
  const { errors: refused } = await metricsWithInput(rounded, "-");
  assert.match(refused, /^error: standard input:2: found probabilities that sum to 0\.99, .*\n.*--normalize/);
  const { output: normalized } = await metricsWithInput(rounded, "-", "--normalize");
  assert.match(normalized, /^standard input: 2 examples, 3 classes\n(.*\n)* {2}nll +1\.0986\n/);
});

Deno.test("--compare tells what is higher, what is lower, and where there is no evidence", () =>
  withFiles({ "a.jsonl": jsonLines(rows), "b.jsonl": jsonLines(tripled) }, async (folder) => {
    const [a, b] = [join(folder, "a.jsonl"), join(folder, "b.jsonl")];
    const { n, reference, compared, difference } = await measured("--compare", a, b, "--bootstrap", "200");
    assert.equal(n, 400);
    assert.equal(reference.file, a);
    assert.equal(compared.file, b);
    assertClose([difference.nll.value], [compared.nll - reference.nll], 1e-12);
    assert.equal(difference.nll.verdict, "higher"); // tripled logits are more certain, and no more often right
    assert.ok(difference.nll.low > 0);
    assert.deepEqual(difference.accuracy, {
      value: 0,
      low: 0,
      high: 0,
      verdict: "no evidence of a difference",
    });
    const reversed = await measured("--compare", b, a, "--bootstrap", "200");
    assert.equal(reversed.difference.nll.verdict, "lower");
    const { output } = await metrics("--compare", a, b, "--bootstrap", "200");
    assert.match(output, /^ {2}accuracy .* 0\.0000 +\[0\.0000, 0\.0000\] {2}no evidence of a difference$/m);
    assert.match(output, /^ {2}nll .* \+\d\.\d{4} +\[\d.*\] {2}higher$/m);
  }));

Deno.test("an impossible row makes an infinite NLL, of which no false interval or verdict follows", () => {
  const lines = (probability: (row: number) => number) =>
    [
      "label,prob_0,prob_1",
      ...Array.from({ length: 20 }, (_, i) => `0,${probability(i)},${1 - probability(i)}`),
    ]
      .map((line) => `${line}\n`).join("");
  const files = { "a.csv": lines(() => 0.5), "b.csv": lines((row) => row === 7 ? 0 : 0.9) };
  return withFiles(files, async (folder) => {
    const [a, b] = [join(folder, "a.csv"), join(folder, "b.csv")];
    const { output } = await metrics("--compare", a, b);
    assert.match(output, /^ {2}nll +0\.6931 +∞ +\+∞ +\[−0\.\d{4}, ∞\] {2}no evidence of a difference$/m);
    const { nll } = await measured(b, "--bootstrap", "200");
    assert.equal(nll.value, null);
    assertClose([nll.low], [-Math.log(0.9)], 1e-12);
    assert.equal(nll.high, null);
  });
});

Deno.test("--compare refuses other examples, or the same ones in another order", () =>
  withFiles({
    "a.jsonl": jsonLines(rows),
    "fewer.jsonl": jsonLines(rows.slice(1)),
    "order.jsonl": jsonLines([rows[1], rows[0], ...rows.slice(2)]),
    "labels.jsonl": jsonLines(
      rows.map(({ label, logits }, i) => ({ label: i === 7 ? 2 - label : label, logits })),
    ),
  }, async (folder) => {
    for (
      const [name, message] of [
        ["fewer.jsonl", "found examples: 399, expected 400, as in a.jsonl"],
        ["order.jsonl", 'found in row 1 id "row 1", expected "row 0", as in a.jsonl'],
        ["labels.jsonl", `found in row 8 label ${2 - labels[7]}, expected ${labels[7]}, as in a.jsonl`],
      ]
    ) {
      const { code, errors } = await metrics("--compare", join(folder, "a.jsonl"), join(folder, name));
      assert.equal(code, 2);
      assert.ok(errors.replaceAll(`${folder}/`, "").startsWith(`error: ${name}: ${message}\n`), errors);
    }
  }));

Deno.test("--plot writes an SVG with escaped names and, by itself, nothing else", () =>
  withFiles({ "a & <b>.jsonl": jsonLines(rows), "b.jsonl": jsonLines(tripled) }, async (folder) => {
    const plot = join(folder, "out put.svg");
    const files = [join(folder, "a & <b>.jsonl"), join(folder, "b.jsonl")];
    const { code, errors, output } = await metrics(...files, "--plot", plot);
    assert.equal(code, 0, errors);
    assert.match(output, /ece_floor/);
    const source = readFileSync(plot, "utf8");
    assert.match(source, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.match(source, /aria-label="Reliability diagram of .*\/a &amp; &lt;b&gt;\.jsonl"/);
    assert.match(source, /<text .*>.*a &amp; &lt;b&gt;\.jsonl<\/text>/);
    assert.doesNotMatch(source, /NaN|undefined|<b>/);
    assertWellFormed(source);
  }));

Deno.test("what can't be used ends with exit code 2 and one message", () =>
  withFiles(
    { "a.jsonl": jsonLines(rows), "bad.jsonl": '{"label": 0, "probs": [0.4, 0.4]}\n' },
    async (folder) => {
      const [a, bad] = [join(folder, "a.jsonl"), join(folder, "bad.jsonl")];
      for (
        const [args, message] of [
          [[bad], "bad.jsonl:1: found probabilities that sum to 0.8, expected a sum of 1, to within 0.001\n"],
          [["missing.jsonl"], "missing.jsonl: found no such file"],
          [[a, "--fit", "temperature"], "found --fit without --fit-on, expected both, or neither"],
          [[a, "--fit-on", a], "found --fit-on without --fit, expected both, or neither"],
          [[a, "--save", "c.json"], "found --save without --fit, expected a calibrator that is fitted here"],
          [[a, "--apply", bad], "bad.jsonl: found "],
          [[a, "--apply", bad, "--fit", "beta", "--fit-on", a], "found --fit with --apply, expected"],
          [
            [a, "--write-calibrated", "c"],
            "found --write-calibrated of a file without a calibrator, expected",
          ],
          [["--compare", a], "found --compare of 1 files, expected two"],
          [["--compare", "-", "-"], "found standard input (-) twice, expected once"],
          [[a, "--columns", "label"], 'found --columns "label" with "label" in it, expected FIELD=COLUMN'],
          [[a, "--classes", "a,a"], "option '--classes <names>' argument 'a,a' is invalid. Expected two"],
          [
            ["--compare", a, a, "--fit", "temperature", "--fit-on", a],
            "found --compare with --fit, expected one",
          ],
          [
            [a, "--plot", join(folder, "none/a.svg")],
            "none/a.svg: found a path that can't be written (ENOENT)",
          ],
          [
            [a, "--bins", "0"],
            "option '--bins <n>' argument '0' is invalid. Expected a whole number from 1 to 1000000.",
          ],
          [
            [a, "--bins", "9007199254740991"],
            "option '--bins <n>' argument '9007199254740991' is invalid. Expected a whole number from 1 to 1000000.",
          ],
          [[a, "--bootstrap", "many"], "option '--bootstrap <n>' argument 'many' is invalid."],
        ] as const
      ) {
        const { code, output, errors } = await metrics(...args);
        assert.equal(code, 2, message);
        assert.equal(output, "");
        assert.ok(errors.replaceAll(`${folder}/`, "").startsWith(`error: ${message}`), errors);
        assert.doesNotMatch(errors, /^ +at /m);
      }
    },
  ));

Deno.test("--help shows both forms of a file, what each figure is, examples and exit codes", async () => {
  const { code, output } = await metrics("--help");
  assert.equal(code, 0);
  assert.match(output, /label,logit_0,logit_1/);
  assert.match(output, /Examples:\n {2}deno task metrics predictions\.jsonl/);
  assert.match(output, /Exit codes: 0 done, 2 wrong input\./);
  for (const name of [...allNames, "votes_kl"]) {
    assert.match(output, new RegExp(`^ {2}${name} +[↑↓ ] [A-Z].*$`, "m"));
  }
  assert.match(output, /^ {2}accuracy +↑ Share of examples/m);
  assert.ok(output.split("\n").every((line) => line.length <= 110));
});
