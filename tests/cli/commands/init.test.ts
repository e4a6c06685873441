/** `init` on a person's file: what it writes is a pipeline that can be run. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { inFolder } from "../../in_folder.ts";
import { isSetUp } from "../../pipelines/copy.ts";
import { task } from "../task.ts";

/** Rows whose texts and labels hold what YAML, a comment or a terminal could stumble over. */
const reviews = Array.from(
  { length: 200 },
  (_, row) =>
    `"a review ${row} of film ${(row * 7919) % 1000}: #1",${row % 3 ? "good" : `"[no]: 'x' # \x1b[31m"`}`,
);

/** Runs \`deno task pipeline\` in the project's folder, with the task's permissions. */
async function pipeline(...words: readonly string[]) {
  const { program, args, cwd, env } = task("pipeline", words);
  const command = new Deno.Command(program, { args: [...args], cwd, env: { ...env, NO_COLOR: "1" } });
  const { code, stdout, stderr } = await command.output();
  const [output, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, output, errors };
}

Deno.test({
  name: "init writes a pipeline file that can be run, says what it takes, and replaces nothing",
  ignore: !isSetUp,
  fn: () =>
    inFolder(async (folder) => {
      const [data, out] = [join(folder, "my reviews.csv"), join(folder, "own.yaml")];
      writeFileSync(data, ["Review text,the: label", ...reviews, ""].join("\n"));
      const { code, output, errors } = await pipeline(
        "init",
        data,
        "--out",
        out,
        "--text-column",
        "Review text",
      );
      assert.equal(code, 0, errors);
      assert.match(output, /my reviews\.csv: CSV in UTF-8, the first row names the columns\n/);
      assert.match(output, /^ {2}the: label {3}the label: 2 different ones$/m);
      assert.match(output, /^rows by class: "good" 133 \(67 %\), /m);
      assert.match(output, /^wrote .*own\.yaml: baseline and hidden, 100 steps each/m);
      assert.match(output, /^a run takes at least \d+ (min|s), /m);
      assert.ok(!output.includes("\x1b"));

      const text = readFileSync(out, "utf8");
      assert.match(text, /^# yaml-language-server: \$schema=\S*docs\/pipeline\.schema\.json\n/);
      const { stages } = parse(text);
      assert.deepEqual(stages["prepare-data"].needs, { source: data });
      assert.deepEqual(stages["prepare-data"].params.source, {
        kind: "csv",
        files: { train: ["my reviews.csv"] },
        columns: { text: "Review text", label: "the: label" },
      });

      const planned = await pipeline("plan", "--file", out);
      assert.match(planned.output, /^9 stages to run, 0 up to date$/m);
      assert.ok(planned.output.includes(output.match(/at least \d+ (min|s),.*/)![0]), planned.output);

      const again = await pipeline("init", data, "--out", out);
      assert.equal(again.code, 2);
      assert.match(
        again.errors,
        /^error: .*own\.yaml: found a file that is there, expected a new one to write\n/,
      );
      assert.equal(readFileSync(out, "utf8"), text);
    }),
});

Deno.test("init writes nothing where the data is none", () =>
  inFolder(async (folder) => {
    const out = join(folder, "own.yaml");
    const { code, errors } = await pipeline("init", join(folder, "nothing.csv"), "--out", out);
    assert.equal(code, 2);
    assert.match(errors, /^error: .*nothing\.csv: found no such file, expected a text file\n.*\n$/);
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  }));
