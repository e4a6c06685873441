/** Prices are what earlier runs of small stages took, and what the stages say of their work. */

import assert from "node:assert/strict";
import { recordOf } from "../forged.ts";
import { filesBelow } from "../one_stage.ts";
import { invocation, makeProject, pipeline, type Project, start, until } from "../synthetic.ts";
import { runOnTerminal } from "../../terminal.ts";

const stage = `
import { z } from "zod";
import { join } from "node:path";
import { defineStage } from "calibrant/pipeline/stage.ts";

export default defineStage({
  description: "Takes its time.",
  parameters: z.strictObject({ steps: z.int(), kind: z.string(), usual: z.number().optional() }),
  inputs: { text: { description: "a text" } },
  outputs: { "text.txt": "the kind" },
  work: ({ steps, usual }) => ({ amount: steps, steps, tokens: 1000 * steps, ...(usual ? { threadSeconds: usual } : {}) }),
  async run({ parameters: { steps, kind }, output, checkpoint, progress }) {
    Deno.writeTextFileSync(join(checkpoint, "begun"), "");
    for (let step = 0; step < steps; step++) {
      progress(step, steps, "step");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    Deno.writeTextFileSync(join(output, "text.txt"), kind);
  },
});
`;

const files = {
  "stages/slow.ts": stage,
  "data.txt": "x",
  "pipeline.yaml": `
stages:
  slow:
    run: stages/slow.ts
    matrix: { kind: [a, bb] }
    needs: { text: ./data.txt }
    params: { kind: "\${matrix.kind}", steps: 15 }
  last:
    run: stages/slow.ts
    needs: { text: "slow@bb:text.txt" }
    params: { kind: bb, steps: 5, usual: 600 }
    resources: { cpu: 2 }
`,
};

interface Priced {
  readonly instance: string;
  readonly price?: {
    readonly seconds: number;
    readonly peakBytes: number;
    readonly diskBytes: number;
    readonly work: unknown;
    readonly measured: { readonly instance: string };
  };
}

async function pricesIn(project: Project, ...args: readonly string[]): Promise<ReadonlyMap<string, Priced>> {
  const { output } = await pipeline(project, "plan", "--json", ...args);
  return new Map(JSON.parse(output).map((priced: Priced) => [priced.instance, priced]));
}

function secondsOf(project: Project, instance: string): number {
  const { started, ended } = JSON.parse(project.read(recordOf(project, instance)));
  return (Date.parse(ended) - Date.parse(started)) / 1000;
}

Deno.test("an instance is priced by the closest run of its stage, scaled by how much it has to do", async () => {
  using project = makeProject(files);
  const never = await pipeline(project, "plan");
  assert.match(never.output, /^● last {5}~5 min {2}5 steps {2}5 k tokens {2}after slow@bb: never run$/m);
  assert.match(never.output, /^at least 5 min, by a usual speed\n {2}critical path: last$/m);
  assert.match(
    never.output,
    /~ never run here at such length, a usual speed is taken: last\n {2}never run, and not counted: /,
  );

  // A run that goes on from a checkpoint has done only a part of its work.
  const killed = start(project, ["run", "slow@a"]);
  const output = killed.output();
  await until(() => filesBelow(project.path("artifacts/.store/checkpoints")).length > 0);
  killed.kill("SIGKILL");
  await output;
  await pipeline(project);
  assert.equal(JSON.parse(project.read(recordOf(project, "slow@a"))).cost, undefined);

  const prices = await pricesIn(project, "--set", "slow.steps=45");
  const [a, b] = ["slow@a", "slow@bb"].map((name) => prices.get(name)?.price);
  assert.ok(a && b);
  assert.equal(a.seconds, 3 * secondsOf(project, "slow@bb"), "of slow@a nothing was measured");
  assert.equal(b.seconds, 3 * secondsOf(project, "slow@bb"));
  assert.equal(b.measured.instance, "slow@bb");
  assert.equal(b.diskBytes, 2);
  assert.ok(b.peakBytes > 20e6 && b.peakBytes < 2e9, `${b.peakBytes}`);
  assert.deepEqual(b.work, { amount: 45, steps: 45, tokens: 45_000 });
  const { output: planned } = await pipeline(project, "plan", "--force");
  assert.match(
    planned,
    /^about \d+ s, .* MB of memory, 6 B on disk, by what earlier runs took\n {2}critical path: /m,
  );

  const [last, longer] = await Promise.all([100, 301].map(async (steps) => {
    const priced = await pricesIn(project, "--set", `last.steps=${steps}`);
    return priced.get("last")?.price;
  }));
  assert.equal(last?.seconds, 20 * secondsOf(project, "last"));
  assert.equal(longer?.seconds, 300, "a run of less than a twentieth tells less than the usual speed");
  assert.equal(longer.measured, undefined);

  const record = project.path(recordOf(project, "slow@bb"));
  const text = Deno.readTextFileSync(record);
  Deno.writeTextFileSync(record, text.replace(/"peakBytes": \d+/, '"peakBytes": 1000000000000000'));
  const { shown } = await runOnTerminal(invocation(project, ["run", "slow@bb", "--force"]));
  assert.match(shown, /! slow@bb may run out of memory: it takes 1000.0 TB, and \S+ GB are free/);
  assert.match(shown, /about \d s left/);
});

Deno.test("what does the same as another is made once, and so is its price counted", async () => {
  using project = makeProject({
    ...files,
    "pipeline.yaml": `
stages:
  slow:
    run: stages/slow.ts
    matrix: &all
      setting: [one, two, other]
      include: [{ setting: one, steps: 2 }, { setting: two, steps: 2 }, { setting: other, steps: 3 }]
    needs: { text: ./data.txt }
    params: { kind: x, steps: "\${matrix.steps}", usual: 600 }
  after:
    run: stages/slow.ts
    matrix: *all
    needs: { text: "slow@\${matrix.setting}:text.txt" }
    params: { kind: after, steps: 2, usual: 600 }
`,
  });
  const { output } = await pipeline(project, "plan");
  assert.match(output, /^● slow@two {5,}the same as slow@one$/m);
  assert.match(output, /^● after@two {5,}the same as after@one$/m);
  assert.match(output, /^● after@other .*after slow@other: never run$/m, "its input is another");
  assert.match(output, /^about 20 min, by a usual speed$/m, "four of ten minutes on two cores");
  assert.match((await pipeline(project, "plan", "slow@two")).output, /^● slow@two {2}~10 min .*never run$/m);

  await pipeline(project);
  const [one, two, other, ...after] = ["slow@one", "slow@two", "slow@other", "after@one", "after@two"]
    .map((instance) => recordOf(project, instance));
  assert.equal(one, two);
  assert.notEqual(one, other);
  assert.equal(after[0], after[1]);
  assert.match((await pipeline(project, "plan", "--force")).output, /^● slow@two {5,}the same as slow@one$/m);
});
