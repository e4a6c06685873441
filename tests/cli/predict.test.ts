/** `deno task predict` and `deno task calibrate`, with the permissions that the tasks have. */
import assert from "node:assert/strict";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readRows } from "../../src/data/rows.ts";
import { withFiles } from "../data/files.ts";
import { type TinyModel, writeTinyModel } from "../inference/tiny_model.ts";
import { ctrlC, runIntoClosedPipe, runOnTerminal } from "../terminal.ts";
import { until } from "../pipeline/synthetic.ts";
import { repository, runTask as run, stackTrace, task } from "./task.ts";

const jsonLines = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const parsed = (text: string) => text.trim().split("\n").map((line) => JSON.parse(line));

Deno.test("answers never go to the file that the texts come from, whatever it is called", () =>
  withFiles({ "texts.txt": "good film\n" }, async (folder) => {
    const [texts, link] = [join(folder, "texts.txt"), join(folder, "link.jsonl")];
    Deno.symlinkSync(texts, link);
    for (const output of [texts, link]) {
      const { code, errors } = await run("predict", ["--model", "any", "--input", texts, "--output", output]);
      assert.equal(code, 2);
      assert.equal(
        errors,
        `error: ${output}: found the input as the output, expected another file, since the texts would be lost\n`,
      );
    }
    assert.equal(readFileSync(texts, "utf8"), "good film\n");
  }));

Deno.test("a model predicts texts, and is calibrated on labelled ones", async (t) => {
  const root = await Deno.makeTempDir();
  const path = (name: string) => join(root, name);
  const tiny: TinyModel = await writeTinyModel(root);
  const { model, evaluation, data } = tiny;
  const predict = (args: readonly string[], input?: string) =>
    run("predict", ["--model", model, ...args], input);
  const dev2 = join(data, "dev2.jsonl");
  const own: string[] = [];

  await t.step("a folder without a calibrator is predicted uncalibrated, and says so", async () => {
    const { code, output, errors } = await predict(["--input", dev2]);
    assert.equal(code, 0, errors);
    assert.match(
      errors,
      /^uncalibrated: no calibrator of this model was found; `deno task calibrate` fits one/,
    );
    const evaluated = parsed(readFileSync(join(evaluation, "predictions.dev2.jsonl"), "utf8"));
    const answers = parsed(output);
    assert.deepEqual(answers.map(({ id }) => id), evaluated.map(({ id }) => id));
    for (const [row, { logits, energy, probs, label, cut }] of answers.entries()) {
      logits.forEach((one: number, c: number) => assert.ok(Math.abs(one - evaluated[row].logits[c]) < 1e-5));
      assert.ok(Math.abs(energy - evaluated[row].energy) < 1e-5);
      assert.ok(Math.abs(probs.negative + probs.positive - 1) < 1e-12);
      assert.equal(label, probs.negative >= probs.positive ? "negative" : "positive");
      assert.equal(cut, false);
    }
  });

  await t.step(
    "with the calibrator of evaluate probabilities are calibrated, with sets, as CSV too",
    async () => {
      copyFileSync(join(evaluation, "calibrator.json"), join(model, "calibrator.json"));
      const csv = path("texts.csv");
      writeFileSync(csv, 'name,review,stars\n1,"a good, ""fine""\nfilm",5\n2,dull plot,1\n');
      const args = [
        "--input",
        csv,
        "--text-column",
        "review",
        "--sets",
        "0.5",
        "--output",
        path("answers.csv"),
      ];
      const { code, output, errors } = await predict(args);
      assert.deepEqual([code, output], [0, ""], errors);
      assert.match(
        errors,
        /^calibrated: T = [\d.]+, fitted on 10 texts of dev1\nset: .*\nunfamiliar: .*\n2 texts in/,
      );
      const [header, ...rows] = readFileSync(path("answers.csv"), "utf8").trim().split("\n");
      assert.equal(
        header,
        "id,label,prob_negative,prob_positive,logit_negative,logit_positive,energy,energyQuantile,unfamiliar,cut,set",
      );
      assert.deepEqual(rows.map((row) => row.split(",")[0]), ["1", "2"]);
      const { value } = JSON.parse(readFileSync(join(evaluation, "metrics.json"), "utf8")).temperature;
      for (const row of rows) {
        const [p, q, a, b] = row.split(",").slice(2, 6).map(Number);
        assert.ok(Math.abs(Math.log(p / q) - (a - b) / value) < 1e-9);
      }
      const raw = await predict(["--uncalibrated"], "good film\n");
      assert.match(raw.errors, /^uncalibrated, as asked\n/);
      const [{ probs, logits }] = parsed(raw.output);
      assert.ok(Math.abs(Math.log(probs.negative / probs.positive) - (logits[0] - logits[1])) < 1e-9);
    },
  );

  await t.step("texts, pairs, tokens and long texts are told by their fields", async () => {
    const rows = [
      { id: "a", text: "good film" },
      { text: "good film", pair: "bad plot" },
      { id: 7, input_ids: [2, 5, 13, 3] }, // [CLS] good film [SEP]
      { text: "dull ".repeat(20_000) },
    ];
    const { output } = await predict(["--input-format", "jsonl"], jsonLines(rows));
    const [a, pair, tokens, long] = parsed(output);
    assert.deepEqual([a.id, pair.id, tokens.id, long.id], ["a", 2, 7, 4]);
    a.logits.forEach((one: number, c: number) => assert.ok(Math.abs(one - tokens.logits[c]) < 1e-6));
    assert.notDeepEqual(pair.logits, a.logits);
    assert.deepEqual([a.cut, tokens.cut, long.cut], [false, false, true]);
  });

  await t.step("Ctrl-C leaves whole lines only, and --resume gives what a whole run gives", async () => {
    const words = ["good", "fine", "great", "bad", "poor", "dull", "a", "the", "film", "plot"];
    const text = (row: number) =>
      Array.from({ length: 1 + row % 9 }, (_, at) => words[(row + at * at) % 10]).join(" ");
    writeFileSync(
      path("many.jsonl"),
      jsonLines(Array.from({ length: 5000 }, (_, row) => ({ text: text(row) }))),
    );
    const args = (output: string) => ["--input", path("many.jsonl"), "--output", path(output)];
    const invocation = task("predict", ["--model", model, ...args("answers.jsonl")]);
    const keys = async function* () {
      await until(() =>
        existsSync(path("answers.jsonl")) && Deno.statSync(path("answers.jsonl")).size > 400_000
      );
      yield ctrlC;
    };
    const { code, shown } = await runOnTerminal(invocation, { columns: 200, keys: keys() });
    assert.equal(code, 130, shown);
    assert.match(shown, /texts\/s, [\d.]+ (s|min .*) left/);
    assert.match(shown, /interrupted: [\d,]+ texts in .*; with --resume it goes on from here\n$/);
    assert.doesNotMatch(shown, stackTrace);
    const left = readFileSync(path("answers.jsonl"), "utf8");
    assert.ok(left.endsWith("}\n"));
    const rows = parsed(left).length;
    assert.ok(rows % 1024 === 0 && rows < 5000, String(rows));

    writeFileSync(path("answers.jsonl"), `${left}{"id":"half a li`); // as a killed process might leave it
    const resumed = await predict([...args("answers.jsonl"), "--resume"]);
    assert.equal(resumed.code, 0, resumed.errors);
    assert.match(resumed.errors, new RegExp(`goes on after ${rows.toLocaleString("en")} texts`));
    await predict(args("whole.jsonl"));
    assert.equal(readFileSync(path("answers.jsonl"), "utf8"), readFileSync(path("whole.jsonl"), "utf8"));

    const other = await predict([...args("answers.jsonl"), "--resume", "--uncalibrated"]);
    assert.equal(other.code, 2);
    assert.match(
      other.errors,
      /answers\.jsonl: found answers that this model, these options and this input don't give/,
    );
    assert.equal(readFileSync(path("answers.jsonl"), "utf8"), readFileSync(path("whole.jsonl"), "utf8"));
  });

  await t.step("whoever stops reading ends it quietly", async () => {
    const invocation = task("predict", ["--model", model, "--input", path("many.jsonl")]);
    const { code, errors } = await runIntoClosedPipe(invocation);
    assert.equal(code, 141);
    assert.doesNotMatch(errors, /error|Broken/);
  });

  await t.step("calibrate fits a temperature on one's own labels, which predict then uses", async () => {
    const rows = (await readRows(dev2)).map(({ text, label }) => ({
      text,
      sentiment: ["negative", "positive"][label],
    }));
    const { code, output, errors } = await run(
      "calibrate",
      [model, "-", "--input-format", "jsonl", "--label-column", "sentiment"],
      jsonLines(rows),
    );
    assert.equal(code, 0, errors);
    assert.match(output, /^T = [\d.]+, fitted on 10 texts of standard input; before, T = [\d.]+ of dev1\n/);
    const [file] = output.match(/artifacts\/\.calibrators\/[0-9a-f]{64}\.json/) ?? [];
    own.push(join(repository, file!));
    assert.ok(
      !existsSync(join(repository, `${file}.new`)),
      "it was written aside, and then put in its place",
    );
    const used = await predict([], "good film\n");
    assert.match(used.errors, /^calibrated: T = [\d.]+, fitted on 10 texts of standard input\n/);
  });

  await t.step("a row that can't be read is told in one message, after the answers before it", async () => {
    const rows = `${jsonLines([{ text: "good" }, { text: "bad" }])}{"text": null}\n`;
    const { code, output, errors } = await predict(["--input-format", "jsonl"], rows);
    assert.deepEqual([code, parsed(output).length], [2, 2]);
    assert.match(errors, /error: standard input:3: found text = null, expected a text\n/);
  });

  await t.step("what can't be used is told in one message", async () => {
    const few = "found no confidence above which 10 labelled texts are evidence for an error of at most 0.02";
    for (
      const [args, message] of [
        [["--model", path("nowhere")], /^error: found no folder ".*nowhere", and no model of that name/],
        [["--model", data], /config\.json: found no readable file, expected the configuration of/],
        [["--model", model, "--abstain-at", "0.02"], new RegExp(`error: ${few}`)],
        [
          ["--model", model, "--uncalibrated", "--sets", "0.9"],
          /error: found uncalibrated answers with abstention or sets/,
        ],
        [
          ["--model", model, "--resume"],
          /^error: found --resume with standard output, expected --output FILE/,
        ],
        [
          ["--model", model, "--sets", "90"],
          /'--sets <share>' argument '90' is invalid\. Expected a number above 0 and/,
        ],
        [["--model", model], /error: found no text in the input, expected at least one/],
        [
          ["--model", model, "--input", dev2, "--output", path("no/a.jsonl")],
          /a\.jsonl: found a path that can't be written/,
        ],
      ] as const
    ) {
      const { code, output, errors } = await run("predict", args);
      assert.deepEqual([code, output], [2, ""], errors);
      assert.match(errors, message);
    }
  });
  own.forEach((file) => Deno.removeSync(file));
  await Deno.remove(root, { recursive: true });
});
