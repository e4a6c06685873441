import assert from "node:assert/strict";
import { join } from "node:path";
import { lineWriter, openOutput, outputFormOf } from "../../../src/cli/predict/output.ts";
import { inFolder } from "../../in_folder.ts";

Deno.test("the columns of classes that are called by numbers are in the model's order", () => {
  const classes = ["-1", "0", "1"];
  const probs = Object.fromEntries([0.9, 0.08, 0.02].map((one, c) => [classes[c], one]));
  const row = { id: 1, label: "-1", probs, logits: [5, 0, -5], cut: false };
  const { header, line } = lineWriter("csv", classes);
  assert.equal(header(row), "id,label,prob_-1,prob_0,prob_1,logit_-1,logit_0,logit_1,cut\n");
  assert.equal(line(row), "1,-1,0.9,0.08,0.02,5,0,-5,false\n");
});

Deno.test("an output is CSV by its ending, however that is written", () => {
  assert.deepEqual(["a.csv", "A.CSV", "a.jsonl", "-"].map(outputFormOf), ["csv", "csv", "jsonl", "jsonl"]);
});

Deno.test("a file keeps its first bytes and loses the rest; a named pipe takes what is written", () =>
  inFolder(async (root) => {
    const file = join(root, "answers.jsonl");
    Deno.writeTextFileSync(file, "first\nsecond\n");
    {
      using output = openOutput(file, 6);
      output.write("new\n");
    }
    assert.equal(Deno.readTextFileSync(file), "first\nnew\n");

    const pipe = join(root, "pipe");
    assert.ok(new Deno.Command("mkfifo", { args: [pipe] }).outputSync().success);
    const reader = new Deno.Command("cat", { args: [pipe], stdout: "piped" }).spawn();
    {
      using output = openOutput(pipe, 0);
      output.write("one\n");
      output.write("two\n");
    }
    assert.equal(new TextDecoder().decode((await reader.output()).stdout), "one\ntwo\n");
  }));
