import assert from "node:assert/strict";
import { invocation, makeProject, pipeline } from "../../pipeline/synthetic.ts";
import { runOnTerminal } from "../../terminal.ts";

/** A stage that measures what its parameters say. It imports nothing of this project, whose commits aren't its own. */
const measureStage = `
import { z } from "zod";
import { join } from "node:path";

export default {
  description: "Measures.",
  parameters: z.strictObject({
    rate: z.number().describe("decides on the figures"),
    seed: z.int().default(1).describe("is the same everywhere"),
    name: z.string().default("").describe("a text"),
  }),
  inputs: { before: { description: "what it follows", when: () => true } },
  outputs: { "metrics.json": "the figures" },
  async run({ parameters: { rate }, output }) {
    const metrics = { nll: rate, accuracy: 1 - rate, text: "no figure" };
    await Deno.writeTextFile(join(output, "metrics.json"), JSON.stringify(metrics));
  },
};
`;

const measured = {
  "stages/measure.ts": measureStage,
  "data.txt": "a\n",
  "pipeline.yaml": `
stages:
  first:
    run: stages/measure.ts
    needs: { before: ./data.txt }
    params: { rate: 0.9, name: 'a, "b"' }
  evaluate:
    run: stages/measure.ts
    matrix: { rate: [0.3, 0.1, 0.2] }
    needs: { before: first }
    params: { rate: "\${matrix.rate}" }
`,
};

Deno.test("results with figures are a table, with the parameters that differ, sorted from the best on", async () => {
  using project = makeProject(measured);
  assert.equal(
    (await pipeline(project, "experiments")).output,
    "no result has figures yet: deno task pipeline\n",
  );
  const git = (...args: readonly string[]) =>
    new Deno.Command("git", {
      args: ["-c", "user.name=A", "-c", "user.email=a@b.c", ...args],
      cwd: project.root,
    }).outputSync();
  git("init", "--quiet");
  git("add", "stages");
  git("commit", "--quiet", "--message", "stages");
  await pipeline(project);

  const { code, output } = await pipeline(project, "experiments", "--sort", "nll");
  assert.equal(code, 0);
  const head = new TextDecoder().decode(git("rev-parse", "HEAD").stdout).trim();
  const rows = output.split("\n").filter((line) => line.startsWith("evaluate@"))
    .map((line) => line.split(/ {2,}/));
  assert.deepEqual(rows.map((row) => row.slice(0, 4)), [
    ["evaluate@0.1", "0.1", "0.1000", "0.9000"],
    ["evaluate@0.2", "0.2", "0.2000", "0.8000"],
    ["evaluate@0.3", "0.3", "0.3000", "0.7000"],
  ]);
  assert.deepEqual(rows.map((row) => row.at(-2)), [1, 2, 3].map(() => head.slice(0, 8)));
  assert.match(output, /^instance +rate +nll +accuracy +time +commit +date$/m);
  const best = (await pipeline(project, "experiments", "--sort", "accuracy")).output;
  assert.match(best, /evaluate@0\.1[^]*evaluate@0\.2[^]*evaluate@0\.3/);

  const wrong = await pipeline(project, "experiments", "--sort", "nl");
  assert.deepEqual([wrong.code, wrong.output], [2, ""]);
  assert.match(
    wrong.errors,
    /^error: found no column "nl", expected a column to sort by\n {2}Did you mean "nll"\?/,
  );

  // Older results count too; their code was no commit's.
  project.write({ "stages/measure.ts": measureStage.replace("1 - rate", "0.5") });
  await pipeline(project, "run", "first");
  const all = JSON.parse((await pipeline(project, "experiments", "--json")).output);
  assert.equal(all.length, 5);
  const first = all.filter(({ stage }: { readonly stage: string }) => stage === "first");
  assert.deepEqual(
    first.map(({ metrics, commit }: { readonly metrics: unknown; readonly commit?: string }) => [
      metrics,
      commit,
    ]),
    [[{ nll: 0.9, accuracy: 0.5 }, undefined], [{ nll: 0.9, accuracy: 1 - 0.9 }, head]],
  );
  assert.deepEqual(
    all.find(({ instance }: { readonly instance: string }) => instance === "evaluate@0.2").parameters,
    {
      "evaluate.rate": 0.2,
      "evaluate.seed": 1,
      "evaluate.name": "",
      "first.rate": 0.9,
      "first.seed": 1,
      "first.name": 'a, "b"',
    },
  );
});

Deno.test("on a narrow terminal no line is wider, and CSV has whole values", async () => {
  const long = "long name, of which a table shows the beginning alone";
  using project = makeProject({
    "stages/measure.ts": measureStage,
    "data.txt": "a\n",
    "pipeline.yaml": `
stages:
  evaluate:
    run: stages/measure.ts
    matrix: { rate: [0.3, 0.1], include: [{ rate: 0.1, name: "one ${long}" }, { rate: 0.3, name: "a ${long}" }] }
    needs: { before: ./data.txt }
    params: { rate: "\${matrix.rate}", name: "\${matrix.name}" }
`,
  });
  await pipeline(project);
  const { code, shown } = await runOnTerminal(invocation(project, ["experiments"]), { columns: 40 });
  assert.equal(code, 0);
  assert.ok(shown.split("\n").every((line) => line.length <= 40), shown);
  assert.equal(shown.match(/^evaluate@0\.1/gm)?.length, 3);
  assert.match(shown, /^evaluate@0\.1 {2}one long name, of w… +0\.1$/m);
  const { output } = await pipeline(project, "experiments", "--csv", "--sort", "rate");
  const [head, ...rows] = output.split("\n");
  assert.equal(head, "stage,instance,key,evaluate.name,evaluate.rate,nll,accuracy,seconds,commit,ended");
  assert.match(rows[0], new RegExp(`^evaluate,evaluate@0\\.1,[0-9a-f]{64},"one ${long}",0\\.1,0\\.1,0\\.9,`));
  assert.match(rows[1], new RegExp(`^evaluate,evaluate@0\\.3,[0-9a-f]{64},"a ${long}",0\\.3,`));
});
