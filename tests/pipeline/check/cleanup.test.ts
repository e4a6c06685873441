import assert from "node:assert/strict";
import { filesBelow, logged, projectWith } from "../one_stage.ts";
import { chain, copyStage, ended, makeProject, pipeline, type Project, start, until } from "../synthetic.ts";

const endings = ["-a", "-b", "-c", "-d"];

async function withHistory(): Promise<Project> {
  const project = makeProject(chain);
  for (const ending of endings) await pipeline(project, `--set=vars.ending="${ending}"`);
  return project;
}

const again = async (project: Project) => {
  const ran = [];
  for (const ending of endings.toReversed()) {
    ran.push((await pipeline(project, `--set=vars.ending="${ending}"`)).ran.length);
  }
  return ran;
};

Deno.test("gc keeps the newest results of each instance and all that they came from", async () => {
  using project = await withHistory();
  const { output } = await pipeline(project, "gc", "--keep-runs", "2", "--json");
  assert.equal(JSON.parse(output).kept.results, 8);
  assert.equal(JSON.parse(output).removed.results, 6);
  assert.equal((await pipeline(project, "verify")).code, 0);
  assert.deepEqual(await again(project), [0, 0, 3, 3], "the oldest two are gone, their inputs are not");
});

Deno.test("gc --dry-run tells the same and removes nothing", async () => {
  using project = await withHistory();
  const before = filesBelow(project.path("artifacts"));
  const dry = JSON.parse((await pipeline(project, "gc", "--keep-runs", "1", "--dry-run", "--json")).output);
  assert.deepEqual(filesBelow(project.path("artifacts")), before);
  const done = JSON.parse((await pipeline(project, "gc", "--keep-runs", "1", "--json")).output);
  assert.deepEqual([done.kept, done.removed.results], [dry.kept, dry.removed.results]);
  assert.ok(filesBelow(project.path("artifacts")).length < before.length);
});

Deno.test("gc --max-size drops the oldest first and never what is shown", async () => {
  using project = await withHistory();
  const { kept } = JSON.parse((await pipeline(project, "gc", "--dry-run", "--json")).output);
  await pipeline(project, "gc", "--max-size", `${kept.bytes - 1}B`);
  assert.equal((await again(project))[0], 0);
  await pipeline(project, "gc", "--max-size", "1B");
  assert.deepEqual((await pipeline(project, '--set=vars.ending="-a"')).ran, [], "it was the newest run");
  assert.equal((await pipeline(project, "verify")).code, 0);
});

Deno.test("gc sweeps what crashes leave", async () => {
  using project = await withHistory();
  const leftovers = [
    "staging/x/output/f",
    "runs/x",
    "blobs/ab/ab.1",
    "stat-cache.1",
    "actions/k.json.2",
    "signatures/k.json",
  ];
  project.write(Object.fromEntries(leftovers.map((path) => [`artifacts/.store/${path}`, "left"])));
  await pipeline(project, "gc");
  const left = filesBelow(project.path("artifacts/.store"));
  assert.deepEqual(left.filter((path) => leftovers.some((name) => path.endsWith(`/${name}`))), []);
});

Deno.test("gc keeps the checkpoint of a pipeline file that has no result yet", async () => {
  using project = projectWith(
    'Deno.writeTextFileSync(join(checkpoint, "begun"), "");\n    await pause(1e6);',
  );
  project.write({ "other.yaml": project.read("pipeline.yaml") });
  const checkpoints = () => filesBelow(project.path("artifacts/.store/checkpoints"));
  const killed = start(project, ["--file", "other.yaml"]);
  const output = killed.output();
  await until(() => checkpoints().length > 0);
  killed.kill("SIGKILL");
  await output;
  await pipeline(project, "gc");
  assert.equal(checkpoints().length, 1);
});

Deno.test("gc keeps what a job that waits in a queue locks", async () => {
  using project = makeProject(chain);
  await pipeline(project);
  const key = "ab".repeat(32);
  const lock = `artifacts/.store/checkpoints/${key}.lock`;
  project.write({ [`artifacts/.store/jobs/${key}.1/action.json`]: "{}", [lock]: "" });
  await pipeline(project, "gc");
  assert.equal(project.read(lock), "");
});

Deno.test("gc works beside a run, and takes nothing that the run has used or made", async () => {
  const slowly = 'if (parameters.label === "slow") {\n      console.log("started");\n' +
    "      await new Promise((resolve) => setTimeout(resolve, 3000));\n    }\n    ";
  using project = makeProject({
    ...chain,
    "stages/copy.ts": copyStage.replace("await Deno.writeTextFile(", `${slowly}await Deno.writeTextFile(`),
    "pipeline.yaml": `
vars: { words: 1 }
resources: { cpu: 1 }
stages:
  first: { run: stages/copy.ts, needs: { text: ./data.txt }, params: { words: "\${vars.words}" } }
  slow: { run: stages/copy.ts, needs: { text: first:text.txt }, params: { label: slow } }
  after: { run: stages/copy.ts, needs: { text: slow:text.txt } }
  last: { run: stages/copy.ts, needs: { text: first:text.txt }, params: { words: 5 } }
`,
  });
  for (const words of [3, 1, 2]) await pipeline(project, "run", "first", `--set=vars.words=${words}`);
  const running = start(project, []); // takes the second of three results of `first`
  await until(() => logged(project).includes("started"));
  await pipeline(project, "run", "first", "--set=vars.words=2"); // and here that isn't shown any more
  const cleaned = await pipeline(project, "gc", "--keep-runs", "1", "--json");
  assert.equal(cleaned.errors, "", "it doesn't wait");
  assert.equal(JSON.parse(cleaned.output).removed.results, 1, "the first of the three");
  assert.deepEqual((await ended(running)).ran, ["after", "last", "slow"]);
  assert.equal(project.read("artifacts/last/text.txt"), "one");
  assert.equal((await pipeline(project, "verify")).code, 0);
  assert.equal(
    JSON.parse((await pipeline(project, "gc", "--keep-runs", "1", "--json")).output).kept.results,
    5,
  );
});

Deno.test("what gc does while many runs come and go harms none of them", async () => {
  using project = makeProject(chain);
  const runs = Promise.all(
    Array.from({ length: 9 }, (_, index) => ended(start(project, [`--set=vars.ending=${"abc"[index % 3]}`]))),
  );
  let going = true;
  runs.finally(() => going = false);
  const codes = [];
  while (going) codes.push((await pipeline(project, "gc", "--keep-runs", "1", "--max-size", "1B")).code);
  assert.deepEqual((await runs).map(({ code, errors }) => [code, errors]), Array(9).fill([0, ""]));
  assert.deepEqual(codes, codes.map(() => 0));
  assert.equal((await pipeline(project, "verify")).code, 0);
});

Deno.test("a size or number that is none is refused", async () => {
  using project = makeProject(chain);
  const { code, errors } = await pipeline(project, "gc", "--max-size", "much");
  assert.equal(code, 2);
  assert.match(errors, /A size such as 500MB or 2GB is expected/);
  assert.equal((await pipeline(project, "gc", "--keep-runs", "0")).code, 2);
});
