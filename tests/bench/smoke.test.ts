import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

Deno.test("every kind of benchmark runs and fills its section of the page", async () => {
  const { code, stdout, stderr } = await run(Deno.execPath(), ["task", "--quiet", "bench", "smoke"]);
  assert.equal(code, 0, stderr);
  for (
    const kind of [
      "steps",
      "grouped",
      "curves",
      "sampling",
      "inference",
      "predict",
      "serve",
      "tokenizer",
      "growth",
      "gpu",
      "engine",
      "schedule",
      "metrics",
    ]
  ) {
    const [, section = ""] = stdout.split(`<!-- begin ${kind}:`);
    const cells = section.split("<!-- end")[0].match(/^\|.*\d.*\|$/gm) ?? [];
    assert.ok(cells.length > 0, `no figures of ${kind} in:\n${stdout}`);
    assert.doesNotMatch(cells.join("\n"), /NaN|Infinity|undefined/);
  }
});

Deno.test("the programs to compare with are Python, though CI installs nothing that they import", async () => {
  const folder = join(root, "bench/peers");
  const programs = readdirSync(folder).filter((name) => name.endsWith(".py")).sort();
  assert.ok(programs.length > 0);
  const parse = "import ast, sys; [ast.parse(open(path).read(), path) for path in sys.argv[1:]]";
  const { code, stderr } = await run("python3", ["-c", parse, ...programs.map((name) => join(folder, name))]);
  assert.equal(code, 0, stderr);
});

Deno.test("a kind that nobody knows is refused with those that are known", async () => {
  const { code, stderr } = await run(Deno.execPath(), ["task", "--quiet", "bench", "speed"]);
  assert.equal(code, 2);
  assert.match(stderr, /unknown kind "speed"; known are smoke, chart, steps, grouped, curves/);
});

Deno.test("a page that can't be written is refused before anything is measured", async () => {
  for (const file of ["/tmp/benchmarks.md", "docs/../src/benchmarks.md"]) {
    const { code, stderr } = await run(Deno.execPath(), ["task", "--quiet", "bench", "gpu", file]);
    assert.equal(code, 2);
    assert.ok(
      stderr.endsWith(`found ${file} to write to, expected a file below docs or artifacts\n`),
      stderr,
    );
  }
});

async function run(command: string, args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(command, { args, cwd: root }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
