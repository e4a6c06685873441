/** What a run says at its end of reports, on a terminal and in a pipe. */
import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { invocation, makeProject, pipeline } from "../../pipeline/synthetic.ts";
import { runOnTerminal } from "../../terminal.ts";

const verdict =
  "Compared with the baseline, calibration is better with the energies, as far as this one seed " +
  "shows. There is no loss of accuracy.";
const table = [
  "Variant               Accuracy    NLL    ECE   Floor of ECE",
  "baseline                81.1 %  0.705  0.156  0.009 ± 0.002",
  "baseline, T = 2.508     81.1 %  0.437  0.043  0.016 ± 0.005",
];

const files = {
  "stages/report.ts": `
import { z } from "zod";
import { join } from "node:path";

export default {
  description: "Reports.",
  parameters: z.strictObject({}),
  inputs: { text: { description: "a text" } },
  outputs: { "report.html": "a page", "summary.txt": "what came out" },
  async run({ input, output }) {
    Deno.writeTextFileSync(join(output, "report.html"), "a page");
    await Deno.copyFile(input("text"), join(output, "summary.txt"));
  },
};
`,
  "data.txt": `${verdict}\n\n${table.join("\n")}\n`,
  "pipeline.yaml": "stages:\n  report:\n    run: stages/report.ts\n    needs: { text: ./data.txt }\n",
};

Deno.test("a run ends with what the report says, whole in a pipe, also where all is cached", async () => {
  using project = makeProject(files);
  for (const summary of [/\n✓ 1 done, 0 cached in .*\n/, /^✓ all 1 stage up to date .*\n/]) {
    const { code, output, errors } = await pipeline(project);
    assert.equal(code, 0, errors);
    assert.match(output, summary);
    const said = ["", `  ${verdict}`, "", ...table.map((row) => `  ${row}`), ""].join("\n");
    assert.ok(output.endsWith(`${said}\n  report: artifacts/report/report.html\n`), output);
  }
});

Deno.test("on a narrow terminal its sentences are broken, and its table loses columns", async () => {
  using project = makeProject(files);
  const { code, shown } = await runOnTerminal(invocation(project, []), { columns: 50 });
  assert.equal(code, 0);
  const lines = stripVTControlCharacters(shown).split("\n");
  assert.ok(lines.every((line) => line.length <= 50), shown);
  const end = lines.slice(lines.findIndex((line) => line.includes("Compared with")));
  assert.equal(end.slice(0, end.indexOf("")).map((line) => line.trim()).join(" "), verdict);
  assert.match(shown, /^ {2}baseline, T = 2\.508 {5}81\.1 % {2}0\.437 {2}0\.043$/m);
  assert.match(shown, /\n {2}report: artifacts\/report\/report\.html\n$/);
});

Deno.test("what a report says that would act on a terminal is escaped, and --json has it as it is", async () => {
  using project = makeProject({ ...files, "data.txt": "\u001b]0;title\u0007 and \u009b2J\n" });
  assert.match((await pipeline(project)).output, /\n {2}\\u001b\]0;title\\u0007 and \\u009b2J\n/);
  const { summaries, reports } = JSON.parse((await pipeline(project, "run", "--json")).output);
  assert.deepEqual([summaries, reports], [["\u001b]0;title\u0007 and \u009b2J\n"], [
    "artifacts/report/report.html",
  ]]);
});
