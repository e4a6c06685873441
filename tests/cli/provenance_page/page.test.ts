import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Ended, makeProject, pipeline, type Project } from "../../pipeline/synthetic.ts";

const hostile = "<script>alert(1)</script>";

/** A stage whose result has a report, as far as the engine knows of reports, and a summary. */
const reportStage = `
import { z } from "zod";
import { join } from "node:path";

export default {
  description: "Reports.",
  parameters: z.strictObject({ title: z.string(), note: z.string().default("none") }),
  inputs: { texts: { description: "all of them", many: true } },
  outputs: { "report.html": "a page" },
  async run({ parameters, inputs, output }) {
    const texts = [...inputs("texts").values()].map((path) => Deno.readTextFileSync(join(path, "text.txt")));
    await Deno.writeTextFile(join(output, "report.html"), parameters.title + texts.join());
  },
};
`;

const copyStage = `
import { z } from "zod";
import { join } from "node:path";

export default {
  description: "Copies a text.",
  parameters: z.strictObject({ name: z.string() }),
  inputs: { text: { description: "a text" } },
  outputs: { "text.txt": "the same" },
  async run({ parameters, input, output }) {
    await Deno.writeTextFile(join(output, "text.txt"), Deno.readTextFileSync(input("text")) + parameters.name);
  },
};
`;

const files = {
  "stages/report.ts": reportStage,
  "stages/copy.ts": copyStage,
  "data.txt": "hello\n",
  "pipeline.yaml": `
stages:
  copy:
    run: stages/copy.ts
    matrix: { name: [a, b] }
    needs: { text: ./data.txt }
    params: { name: "\${matrix.name}" }
  report:
    run: stages/report.ts
    needs: { texts: copy@* }
    params: { title: "${hostile}" }
`,
};

const pagePath = "artifacts/provenance.html";

function git(project: Project, ...args: readonly string[]): string {
  const { stdout } = new Deno.Command("git", {
    args: ["-c", "user.name=A", "-c", "user.email=a@b.c", ...args],
    cwd: project.root,
  }).outputSync();
  return new TextDecoder().decode(stdout).trim();
}

function commitAll(project: Project): string {
  git(project, "init", "--quiet");
  git(project, "add", "stages");
  git(project, "commit", "--quiet", "--message", "stages");
  return git(project, "rev-parse", "HEAD");
}

const ok = ({ code, errors }: Ended) => assert.equal(code, 0, errors);

Deno.test("a run whose results have a report writes how they were made beside them, with key, commit and digests", async () => {
  using project = makeProject(files);
  const commit = commitAll(project);
  ok(await pipeline(project));
  const page = project.read(pagePath);
  const { actions } = JSON.parse((await pipeline(project, "audit", "--json")).output);
  assert.equal(actions.length, 3);
  for (const { record: { key } } of actions) assert.ok(page.includes(`<code>${key}</code>`));
  assert.equal(page.split(`<code>${commit}</code>`).length - 1, 3);
  const report = project.read("artifacts/report/report.html");
  const digest = createHash("sha256").update(report).digest("hex");
  assert.ok(
    page.includes(`report.html <small>${report.length} bytes, SHA-256</small> <code>${digest}</code>`),
  );
  for (const words of ["audit copy@a --full", "log copy@a", "run copy@a --force"]) {
    assert.ok(page.includes(`<code>deno task pipeline ${words}</code>`));
  }
  assert.ok(page.includes("note: <code>none</code>"), "defaults count as parameters");
  assert.match(page, /<dt>\.\/data\.txt<\/dt><dd><small>SHA-256<\/small> <code>[0-9a-f]{64}<\/code>/);
  assert.ok(!page.includes("<script"));
  assert.ok(page.includes("title: <code>&lt;script&gt;alert(1)&lt;/script&gt;</code>"));
  assert.doesNotMatch(page, /https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
  const ids = new Set([...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id));
  const links = [...page.matchAll(/<a href="#([^"]*)"/g)].map(([, id]) => id);
  assert.ok(links.length > 8, "contents, boxes and inputs");
  assert.deepEqual(links.filter((id) => !ids.has(id)), []);
});

Deno.test("the page says nothing of when it was written, and isn't part of a result", async () => {
  using project = makeProject(files);
  ok(await pipeline(project));
  const page = project.read(pagePath);
  project.write({ [pagePath]: "edited" });
  ok(await pipeline(project));
  assert.equal(project.read(pagePath), page);
  const shown = page.replace(/<!-- of the results [0-9a-f]{64} -->\n$/, "");
  assert.equal((await pipeline(project, "audit", "--html")).output, `${shown}\n`);
  ok(await pipeline(project, "verify"));
  const { mtime } = Deno.statSync(project.path(pagePath));
  ok(await pipeline(project));
  assert.deepEqual(Deno.statSync(project.path(pagePath)).mtime, mtime, "the same results need no other page");
  ok(await pipeline(project, "run", "report", "--force"));
  assert.notEqual(project.read(pagePath), page, "made again, the same results have other times");
});

Deno.test("without a commit it says so, and a result that another was made of stays on it with its key", async () => {
  using project = makeProject(files);
  ok(await pipeline(project));
  ok(await pipeline(project, "run", "copy", "--set", "copy.name=other"));
  const page = (await pipeline(project, "audit", "--html")).output;
  assert.match(page, /none that git has here/);
  const { actions } = JSON.parse((await pipeline(project, "audit", "report", "--json")).output);
  const older = actions.find(({ record }: { record: { instance: string } }) => record.instance === "copy@a");
  assert.ok(page.includes(`<h3 id="made-copy@a:${older.record.key.slice(0, 12)}">`));
  assert.ok(page.includes('<h3 id="made-copy@a">'));
});

Deno.test("a pipeline without a report gets no page, and one of another file has its own", async () => {
  using project = makeProject(files);
  ok(await pipeline(project, "run", "copy"));
  assert.ok(!existsSync(project.path(pagePath)));
  project.write({ "other pipeline.yaml": project.read("pipeline.yaml") });
  ok(await pipeline(project, "--file", "other pipeline.yaml"));
  assert.ok(!existsSync(project.path(pagePath)));
  const [folder] = [...Deno.readDirSync(project.path("artifacts"))].map(({ name }) => name)
    .filter((name) => name.startsWith("other"));
  const page = project.read(`artifacts/${folder}/provenance.html`);
  assert.ok(page.includes("run report --force --file &#39;other pipeline.yaml&#39;</code>"));
});

const browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

Deno.test({
  name: "in a browser the page fits a desk, a phone and paper, and axe finds nothing",
  ignore: !browser,
  fn: async () => {
    using project = makeProject(files);
    ok(await pipeline(project));
    const script = fileURLToPath(new URL("../../report/report_in_browser.ts", import.meta.url));
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "-A", script, browser!, project.path(pagePath)],
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    const seen = JSON.parse(new TextDecoder().decode(stdout));
    for (const [place, width] of [["desktop", 1280], ["phone", 360], ["paper", 680]] as const) {
      assert.deepEqual(seen[place], { width, cutOff: [], namesOutside: 0 }, place);
    }
    assert.notEqual(seen.backgrounds.light, seen.backgrounds.dark);
    assert.deepEqual(seen.keyboard, { link: "copy", section: "copy" });
    assert.deepEqual(seen.violations, { light: [], dark: [] });
    assert.deepEqual(seen.problems, []);
  },
});
