/** `deno task results` makes its pages of the reports in the artifacts, if they are up to date. */
import assert from "node:assert/strict";
import { sampleComparison, sampleEvaluation } from "../report/sample.ts";
import { ended, makeProject, pipeline, type Project, start } from "../pipeline/synthetic.ts";

/** A stage that reports a number. */
const reportingStage = (title: string) => `
import { z } from "zod";
import { join } from "node:path";
import { defineStage } from "calibrant/pipeline/stage.ts";

export default defineStage({
  description: "Reports.",
  parameters: z.strictObject({ figure: z.int().describe("what is reported") }),
  inputs: {},
  outputs: { "report.md": "the figure" },
  async run({ parameters, output }) {
    const lines = ["# ${title}", "", "What was done.", "", "## Figures", "", String(parameters.figure), ""];
    await Deno.writeTextFile(join(output, "report.md"), lines.join("\\n"));
  },
});
`;

const stagesOf = (figure: number) => `
stages:
  energies: { run: stages/energies.ts, params: { figure: 7 } }
  main: { run: stages/report.ts, params: { figure: ${figure} } }
`;

const files = {
  "stages/report.ts": reportingStage("Main"),
  "stages/energies.ts": reportingStage("Energies"),
  "pipeline.yaml": stagesOf(41),
  "other.yaml": stagesOf(1000),
  "docs/results.md": "nothing yet\n",
};

const results = (project: Project, ...args: readonly string[]) => ended(start(project, args, "results"));

Deno.test("a pipeline's page holds all of its reports, stages/report.ts's first, and other pages stay", async () => {
  using project = makeProject(files);
  await pipeline(project);
  await pipeline(project, "--file", "other.yaml");
  const { code, output } = await results(project, "pipeline.yaml", "other.yaml");
  assert.deepEqual([code, output], [0, "✓ pipeline.yaml, other.yaml in docs/results.md and docs/results\n"]);
  const page = project.read("docs/results/pipeline.md");
  const headings = (text: string) => [...text.matchAll(/^#+ .*/gm)].map(([heading]) => heading);
  assert.deepEqual(headings(page), ["# Main", "## Figures", "## Energies", "### Figures"]);
  assert.match(
    page.replaceAll("\n", " "),
    /`deno task pipeline --file pipeline\.yaml` made 2 results on \d{4}-\d\d-\d\d\. The stages took /,
  );
  const other = project.read("docs/results/other.md");
  assert.match(other, /\{"figure":1000\}/);
  const overview = project.read("docs/results.md");
  assert.match(overview, /^- \[Main\]\(results\/other\.md\)\n- \[Main\]\(results\/pipeline\.md\)$/m);

  project.write({ "pipeline.yaml": stagesOf(42) });
  await pipeline(project);
  assert.equal((await results(project, "pipeline.yaml")).code, 0);
  assert.equal(project.read("docs/results/other.md"), other);
  assert.match(project.read("docs/results/pipeline.md"), /^42$/m);
  assert.equal(project.read("docs/results.md"), overview);
});

Deno.test("the page of a run with values from the command line names them", async () => {
  using project = makeProject(files);
  const set = ["--set", "main.figure=43"];
  await pipeline(project, ...set);
  assert.match((await results(project, "pipeline.yaml")).errors, /found main: stale/);
  assert.equal((await results(project, "pipeline.yaml", ...set)).code, 0);
  const page = project.read("docs/results/pipeline.md").replaceAll("\n", " ");
  assert.match(page, /`deno task pipeline --file pipeline\.yaml --set main\.figure=43` made 2 results/);
  assert.match(page, / 43 /);
});

Deno.test("a page has the tables of the comparisons that no report shows", async () => {
  const compared = sampleComparison([sampleEvaluation("baseline"), sampleEvaluation("hidden")]);
  using project = makeProject({
    ...files,
    "stages/compare.ts": reportingStage("Compared").replaceAll("report.md", "comparison.json")
      .replace('lines.join("\\n")', () => JSON.stringify(JSON.stringify(compared))),
    "pipeline.yaml": `${stagesOf(41)}
  compare: { run: stages/compare.ts, matrix: { length: [epochs-5] }, params: { figure: 1 } }
`,
  });
  await pipeline(project);
  const { code, errors } = await results(project, "pipeline.yaml");
  assert.equal(code, 0, errors);
  const [, section = ""] = project.read("docs/results/pipeline.md").split("\n## compare@epochs-5\n");
  assert.match(section, /^\| hidden, T = 1\.532 +\|  +81\.5 % \| 0\.401 /m);
  assert.match(section, /−0\.020 .*▼ lower/);
});

Deno.test("a pipeline without a report is refused", async () => {
  using project = makeProject({ ...files, "pipeline.yaml": "stages:\n  lone: { run: stages/lone.ts }\n" });
  const silent = reportingStage("Lone").replaceAll("report.md", "figure.txt")
    .replace(
      'figure: z.int().describe("what is reported")',
      'figure: z.int().default(1).describe("a number")',
    );
  project.write({ "stages/lone.ts": silent });
  const { code, errors } = await results(project, "pipeline.yaml");
  assert.equal(code, 2);
  assert.match(
    errors,
    /^error: pipeline\.yaml: found no stage that writes report\.md, expected one or more\n/,
  );
});

Deno.test("a page names the commit of the code that made it, unless that was changed since", async () => {
  using project = makeProject(files);
  const git = (...args: readonly string[]) => {
    const identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
    const { success, stdout } = new Deno.Command("git", { args: [...identity, ...args], cwd: project.root })
      .outputSync();
    assert.ok(success);
    return new TextDecoder().decode(stdout).trim();
  };
  git("init", "--quiet");
  project.write({ ".gitignore": "artifacts/\n" });
  git("add", ".");
  git("commit", "--quiet", "-m", "all");
  await pipeline(project);
  const page = async () => {
    const { code, errors } = await results(project, "pipeline.yaml");
    assert.equal(code, 0, errors);
    return project.read("docs/results/pipeline.md").replaceAll("\n", " ");
  };
  assert.match(
    await page(),
    new RegExp(`made 2 results at commit \`${git("rev-parse", "--short", "HEAD")}\` on`),
  );
  project.write({ "stages/energies.ts": `${files["stages/energies.ts"]}// changed\n` });
  assert.match(await page(), /made 2 results on/);
});

Deno.test("a report that isn't up to date is refused, and the pages stay as they were", async () => {
  using project = makeProject(files);
  await pipeline(project);
  project.write({ "pipeline.yaml": stagesOf(42) });
  const { code, errors } = await results(project, "pipeline.yaml");
  assert.equal(code, 2);
  assert.match(
    errors,
    /^error: pipeline\.yaml: found main: stale, expected .*\n {2}Run it: deno task pipeline --file/,
  );
  assert.equal(project.read("docs/results.md"), "nothing yet\n");
});
