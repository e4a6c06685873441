/** The README keeps its promises: its tasks and links exist, and its examples run as they stand. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { copyProject, isSetUp, pipeline } from "./pipelines/copy.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const { tasks } = JSON.parse(readFileSync(join(root, "deno.json"), "utf8"));

/** Tasks that run without set-up: `metrics` needs nothing that it makes, and `doctor` says what is missing. */
const withoutSetup = ["setup", "metrics", "doctor"];

Deno.test("every task that it names exists, and depends on set-up where it needs it", () => {
  const named = new Set(
    Array.from(readme.matchAll(/(?:deno(?:@[\d.]+)?) task (\w+)/g), ([, task = ""]) => task),
  );
  assert.ok(named.has("pipeline") && named.has("test"));
  for (const task of named) {
    assert.ok(tasks[task], `deno task ${task}`);
    assert.deepEqual(tasks[task].dependencies, withoutSetup.includes(task) ? undefined : ["setup"], task);
  }
});

Deno.test("no task runs with all permissions", () => {
  for (const [name, { command }] of Object.entries<{ command: string }>(tasks)) {
    assert.doesNotMatch(command, /(^|\s)(-A|--allow-all)\b/, name);
  }
});

Deno.test("every file that it links to exists", () => {
  const links = Array.from(
    readme.matchAll(/(?:\]\(|src=")(?!https?:)([^)#"]+)/g),
    ([, path = ""]) => path,
  );
  assert.ok(links.length > 5);
  assert.deepEqual(links.filter((path) => !existsSync(join(root, path))), []);
});

Deno.test({ name: "its example of one's own CSV works as it stands", ignore: !isSetUp }, async () => {
  const [, example] = readme.match(/## Your own data[^]*?```yaml\n([^]*?)```/) ?? [];
  assert.ok(example);
  using copy = copyProject();
  const reviews = Array.from(
    { length: 200 },
    (_, index) => `"review ${index} of film, ${(index * 7919) % 1000}",${index % 3 ? "good" : "bad"}`,
  );
  mkdirSync(join(copy.root, "mine"));
  writeFileSync(join(copy.root, "mine/reviews.csv"), ["review,sentiment", ...reviews, ""].join("\n"));
  writeFileSync(join(copy.root, "mine.yaml"), example);
  const { code, output } = await pipeline(copy, "--file", "mine.yaml");
  assert.equal(code, 0, output);
  const dataset = JSON.parse(
    readFileSync(join(copy.root, "artifacts/mine.yaml/prepare-data/dataset.json"), "utf8"),
  );
  assert.deepEqual(dataset.classes, ["bad", "good"]);
});

Deno.test("its example of one's own predictions works as it stands", () => {
  const [section] = readme.match(/## Your own predictions[^]*?(?=\n## )/) ?? [];
  const [, csv] = section?.match(/```csv\n([^]*?)```/) ?? [];
  const [, command, printed] = section?.match(/```sh\ndeno (task metrics .*)\n```\n\n```text\n([^]*?)```/) ??
    [];
  assert.ok(csv && command && printed);
  const folder = Deno.makeTempDirSync();
  try {
    writeFileSync(join(folder, "predictions.csv"), csv);
    const args = command.split(" ").map((word) => /\.(csv|svg)$/.test(word) ? join(folder, word) : word);
    const { code, stdout, stderr } = new Deno.Command(Deno.execPath(), { args, cwd: root }).outputSync();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    assert.equal(new TextDecoder().decode(stdout), `${folder}/${printed}`);
    assert.match(readFileSync(join(folder, "reliability.svg"), "utf8"), /^<svg /);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
