/** What docs/extending.md shows works as it stands there. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { copyProject, isSetUp, pipeline } from "./pipelines/copy.ts";

const page = readFileSync(fileURLToPath(new URL("../docs/extending.md", import.meta.url)), "utf8");

/** The first block of this language in a section of the page. */
function block(section: string, language: string): string {
  const text = page.split(/^## /m).find((part) => part.startsWith(section)) ?? "";
  const [, found] = text.match(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "m")) ?? [];
  assert.ok(found, `${section}: ${language}`);
  return found;
}

Deno.test({ name: "its stage of one's own runs over the default pipeline", ignore: !isSetUp }, async () => {
  using copy = copyProject();
  const section = "A stage of your own";
  writeFileSync(join(copy.root, "stages/typical-words.ts"), block(section, "ts"));
  writeFileSync(join(copy.root, "typical-words.yaml"), block(section, "yaml"));
  const [, command] = block(section, "sh").match(/^deno task pipeline (.*)\n$/) ?? [];
  const run = (...more: readonly string[]) => pipeline(copy, ...command.split(" "), ...more);

  const first = await run();
  assert.equal(first.code, 0, first.output);
  const printed = block(section, "text").split("\n").filter((line) => /^ +(negative|positive): /.test(line));
  assert.equal(printed.length, 2);
  for (const line of printed) assert.ok(first.output.includes(`${line}\n`), line);
  const words = JSON.parse(readFileSync(join(copy.root, "artifacts/typical-words/words.json"), "utf8"));
  assert.deepEqual(Object.keys(words), ["negative", "positive"]);

  assert.match((await run()).output, /up to date/);
  assert.match((await run("--set", "typical-words.top=3")).output, /1 done, 1 cached/);
  const wrong = await run("--set", "typical-words.tpo=3");
  assert.equal(wrong.code, 2);
  assert.match(wrong.output, /unknown key "tpo".*\n.*Did you mean "top"\?/);
});

Deno.test(
  { name: "its new variant is one diff, and the pipeline compares it", ignore: !isSetUp },
  async () => {
    using copy = copyProject();
    const section = "A new variant of the classifier";
    writeFileSync(join(copy.root, "variant.diff"), block(section, "diff"));
    writeFileSync(join(copy.root, "mean-hidden.yaml"), block(section, "yaml"));
    const applied = await new Deno.Command("git", {
      args: ["apply", "variant.diff"],
      cwd: copy.root,
      env: { GIT_CEILING_DIRECTORIES: dirname(copy.root) }, // the copy is no part of this repository
    }).output();
    assert.equal(new TextDecoder().decode(applied.stderr), "");
    assert.ok(applied.success);

    const [, command] = block(section, "sh").match(/^deno task pipeline (.*)\n$/) ?? [];
    const small = ["--file", "pipelines/smoke.yaml"];
    const { code, output } = await pipeline(copy, ...command.split(" "), ...small);
    assert.equal(code, 0, output);
    const report = readFileSync(join(copy.root, "artifacts/pipelines+smoke.yaml/report/report.md"), "utf8");
    assert.match(report, /^\| mean-hidden \| +[\d.]+ % \|/m);
    const energies = readFileSync(
      join(copy.root, "artifacts/pipelines+smoke.yaml/evaluate/mean-hidden/predictions.dev2.jsonl"),
      "utf8",
    );
    const { logits, energy } = JSON.parse(energies.split("\n")[0]);
    assert.ok(Math.abs(energy + (logits[0] + logits[1]) / 2) < 1e-3, `${logits} ${energy}`);
  },
);
