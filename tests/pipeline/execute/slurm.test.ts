/** What befalls jobs of a real Slurm, and the engine that waits for them. */

import assert from "node:assert/strict";
import { filesBelow, logged, projectWith } from "../one_stage.ts";
import { chain, type Ended, ended, makeProject, pipeline, type Project, start, until } from "../synthetic.ts";
import { configure, jobsOf, slurm, startCluster, throughSlurm } from "./cluster.ts";

const cluster = startCluster(2);

const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore: !cluster, fn });

/** Takes ten steps, of which it keeps each in its checkpoint, and pauses before the sixth if it got there first. */
function stepwise(ms: number): Project {
  const project = projectWith(`
    const state = join(checkpoint, "state");
    const readState = () => { try { return Deno.readTextFileSync(state); } catch { return ""; } };
    const before = readState();
    log("begins after " + before.length + " steps");
    for (let step = before.length; step < 10; step++) {
      if (step === 5 && before === "") {
        progress(5, 10, "half of it");
        await pause(parameters.ms);
      }
      Deno.writeTextFileSync(state, readState() + step);
    }
    Deno.writeTextFileSync(join(output, "text.txt"), readState());`);
  project.write({
    "pipeline.yaml":
      `stages:\n  one: { run: stages/one.ts, needs: { text: ./data.txt }, params: { ms: ${ms} } }\n`,
  });
  return project;
}

const isHalfway = (project: Project) =>
  filesBelow(project.path("artifacts/.store/checkpoints"))
    .some((path) => path.endsWith("state") && Deno.readTextFileSync(path) === "01234");

/** Starts a run whose stage pauses halfway, and waits until it does. */
async function runUntilHalfway(project: Project, ...args: readonly string[]) {
  const running = start(project, ["run", "--executor=slurm", ...args]);
  const ending = ended(running);
  let isOver = false;
  ending.then(() => isOver = true);
  await until(() => isHalfway(project) || isOver);
  if (!isHalfway(project)) throw new Error((await ending).output);
  return { running, ending };
}

function isAnswering(): boolean {
  try {
    return /idle/.test(slurm("sinfo", "--noheader", "--format=%T"));
  } catch {
    return false;
  }
}

/** The node that runs a project's job. */
function nodeOf(project: Project): string {
  return slurm("squeue", "--noheader", "--format=%N", `--jobs=${jobsOf(project)}`).trim();
}

const steps = "0123456789";

function assertDone({ code, output, errors }: Ended, project: Project): void {
  assert.equal(code, 0, output + errors);
  assert.equal(project.read("artifacts/one/text.txt"), steps);
  assert.deepEqual(jobsOf(project), []);
}

test("a job that is cancelled is told with its id and its last lines; the next run goes on from its checkpoint", async () => {
  using project = stepwise(60_000);
  const { ending } = await runUntilHalfway(project);
  const [id = ""] = jobsOf(project);
  slurm("scancel", id);
  const { code, output } = await ending;
  assert.equal(code, 1);
  assert.match(output, new RegExp(`✗ one +failed: Slurm's job ${id} was cancelled`));
  assert.match(output, /begins after 0 steps/);
  assertDone(await throughSlurm(project), project);
  assert.match(logged(project), /goes on from the checkpoint of the run before\nbegins after 5 steps/);
});

test("a job that Slurm starts again goes on from its checkpoint, and ends in the same bytes", async () => {
  using project = stepwise(60_000);
  const { ending } = await runUntilHalfway(project);
  slurm("scontrol", "requeue", ...jobsOf(project));
  assertDone(await ending, project);
  assert.match(logged(project), /run 2 of job \d+, since the one before was ended\nbegins after 5 steps/);
});

test("a slurmd that is killed and started again costs nothing", async () => {
  using project = stepwise(4000);
  const { ending } = await runUntilHalfway(project);
  const node = nodeOf(project);
  cluster?.daemon("kill", node);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  cluster?.daemon("start", node);
  assertDone(await ending, project);
  assert.doesNotMatch(logged(project), /run 2/);
});

test("a job whose node is lost is run on another one from its checkpoint, though the first run still lives", async () => {
  using project = stepwise(60_000);
  const { ending } = await runUntilHalfway(project);
  const node = nodeOf(project);
  cluster?.daemon("kill", node);
  // Slurm would find out by itself after some 30 s.
  slurm("scontrol", "update", `NodeName=${node}`, "State=DOWN", "Reason=lost");
  try {
    assertDone(await ending, project);
    assert.match(
      logged(project),
      /run 2 of job \d+, since the one before was ended\n[^]*begins after 5 steps/,
    );
  } finally {
    cluster?.daemon("start", node);
    slurm("scontrol", "update", `NodeName=${node}`, "State=RESUME");
  }
});

test("where Slurm doesn't run lost jobs again, the engine submits another", async () => {
  using project = stepwise(60_000);
  configure(project, "executor: { kind: slurm, flags: { one: [--no-requeue] } }\n");
  const { ending } = await runUntilHalfway(project);
  const node = nodeOf(project);
  const [lost] = jobsOf(project);
  slurm("scontrol", "update", `NodeName=${node}`, "State=DOWN", "Reason=lost");
  slurm("scontrol", "update", `NodeName=${node}`, "State=RESUME");
  assertDone(await ending, project);
  assert.equal(jobsOf(project, "all").length, 2);
  assert.match(logged(project), /begins after 5 steps/);
  assert.notEqual(jobsOf(project, "completed")[0], lost);
});

test("a result is taken though Slurm doesn't answer any more", async () => {
  using project = stepwise(4000);
  const { ending } = await runUntilHalfway(project);
  cluster?.daemon("end", "slurmctld");
  try {
    const { code, output } = await ending;
    assert.equal(code, 0, output);
  } finally {
    cluster?.daemon("start", "slurmctld");
  }
  assert.equal(project.read("artifacts/one/text.txt"), steps);
  await until(isAnswering);
});

test("where the engine is killed, its job goes on, and the next run takes what it makes", async () => {
  using project = stepwise(4000);
  const { running, ending } = await runUntilHalfway(project);
  const jobs = jobsOf(project);
  assert.equal(jobs.length, 1);
  running.kill("SIGKILL");
  await ending;
  assert.match((await pipeline(project, "log")).output, /begins after 0 steps/);
  assert.deepEqual(jobsOf(project), jobs);
  assertDone(await throughSlurm(project), project);
  assert.deepEqual(jobsOf(project, "all"), jobs);
  assert.doesNotMatch(logged(project), /begins after 5 steps/);
});

test("a job whose number wasn't noted, since the engine was killed as it submitted it, is found by its folder", async () => {
  using project = stepwise(4000);
  const { running, ending } = await runUntilHalfway(project);
  running.kill("SIGKILL");
  await ending;
  const [note = ""] = filesBelow(project.path("artifacts/.store/jobs")).filter((path) =>
    path.endsWith("/job")
  );
  Deno.removeSync(note);
  assertDone(await throughSlurm(project), project);
  assert.equal(jobsOf(project, "all").length, 1);
});

test("Ctrl-C cancels the jobs, and the next run goes on from the checkpoint", async () => {
  using project = stepwise(60_000);
  const { running, ending } = await runUntilHalfway(project);
  running.kill("SIGINT");
  const { code, output } = await ending;
  assert.equal(code, 130, output);
  assert.match(output, /■ one +stopped/);
  await until(() => jobsOf(project).length === 0);
  assertDone(await throughSlurm(project), project);
  assert.match(logged(project), /■ stopped before it was done\n[^]*begins after 5 steps/);
});

test("a run that detaches leaves its job, which the next run takes", async () => {
  using project = stepwise(1000);
  const { code, output } = await throughSlurm(project, "--detach", "--json");
  assert.equal(code, 0, output);
  const { outcome, instances: [one] } = JSON.parse(output);
  assert.equal(outcome, "detached");
  assert.equal(one.state, "left");
  const jobs = jobsOf(project);
  assert.equal(one.job, `Slurm's job ${jobs}`);
  await until(() => jobsOf(project).length === 0);
  assert.match((await pipeline(project, "log")).output, /begins after 0 steps/);
  assertDone(await throughSlurm(project), project);
  assert.deepEqual(jobsOf(project, "all"), jobs);
});

test("a job that one checkout has left is gone on with by another that shares the store", async () => {
  using folder = makeProject({});
  using mine = stepwise(4000);
  using other = stepwise(4000);
  for (const project of [mine, other]) configure(project, `store: ${folder.path("store")}\n`);
  const left = await throughSlurm(mine, "--detach");
  assert.equal(left.code, 0, left.output + left.errors);
  assertDone(await throughSlurm(other), other);
  assertDone(await throughSlurm(mine), mine);
  const folders = slurm("squeue", "--noheader", "--states=all", "--format=%Z").split("\n");
  assert.equal(folders.filter((path) => path.startsWith(folder.path("store"))).length, 1);
});

test("gc keeps a job's folder while its result may be taken, and not one that nobody will ask for", async () => {
  using project = stepwise(0);
  assert.equal((await throughSlurm(project, "--detach")).code, 0);
  await until(() => jobsOf(project).length === 0);
  const jobs = () => [...Deno.readDirSync(project.path("artifacts/.store/jobs"))].length;
  assert.equal((await pipeline(project, "gc")).code, 0);
  assert.equal(jobs(), 1);
  assertDone(await throughSlurm(project), project);
  assert.equal(jobsOf(project, "all").length, 1);
  // Another job is left, and then the stage is run with other parameters.
  assert.equal((await throughSlurm(project, "--detach", "--set", "one.ms=1")).code, 0);
  await until(() => jobsOf(project).length === 0);
  assert.equal((await throughSlurm(project, "--set", "one.ms=2")).code, 0);
  assert.equal(jobs(), 1);
  assert.equal((await pipeline(project, "gc")).code, 0);
  assert.equal(jobs(), 0);
});

test("each run that detaches takes what the one before left, and goes on from there", async () => {
  using project = makeProject(chain);
  const counts: number[] = [];
  for (let done = false; !done;) {
    const { code, output, errors } = await throughSlurm(project, "--detach", "--json");
    assert.equal(code, 0, output + errors);
    const { outcome, instances } = JSON.parse(output);
    done = outcome === "done";
    counts.push(instances.filter(({ state }: { state: string }) => state === "left").length);
    await until(() => jobsOf(project).length === 0);
  }
  assert.deepEqual(counts, [2, 2, 1, 0]);
  assert.equal(project.read("artifacts/all/all.txt"), "long: one two\nshort: one two\n");
});

test("what Slurm refuses is told in its words, and what could never start is cancelled", async () => {
  using project = stepwise(0);
  configure(project, "executor: { kind: slurm, partition: nowhere }\n");
  const refused = await pipeline(project);
  assert.equal(refused.code, 1);
  assert.match(refused.output, /✗ one +failed: Slurm refused its job: .*[Ii]nvalid partition/);
  configure(project, "executor: { kind: slurm, flags: { one: [--time=3000] } }\n");
  const hopeless = await pipeline(project);
  assert.equal(hopeless.code, 1);
  assert.match(hopeless.output, /would have waited for ever \(Partition\w+\), and was cancelled/);
  assert.deepEqual(jobsOf(project), []);
  assert.deepEqual(filesBelow(project.path("artifacts/.store/jobs")), []);
});

test("a job that holds more memory than it was given is told with what Slurm says of it", async () => {
  using project = projectWith(`
    const held = [];
    for (let count = 0; count < 40; count++) {
      held.push(new Uint8Array(20_000_000).fill(count));
      await pause(100);
    }
    log("holds " + held.length);`);
  configure(project, 'executor: { kind: slurm, flags: { "o*": [--mem=300M] } }\n');
  const { code, output } = await pipeline(project);
  assert.equal(code, 1);
  assert.match(output, /✗ one +failed: Slurm's job \d+ was ended because its memory ran out: give it more/);
  assert.match(output, /exceeded memory limit/);
});

const isPatient = Deno.env.get("LONG") === "1";
const why = isPatient ? "" : " (skipped: LONG=1 waits the minute or two that Slurm takes)";

Deno.test({
  name: `a job that takes longer than its time limit is told as such${why}`,
  ignore: !cluster || !isPatient,
  async fn() {
    using project = projectWith(`log("it begins"); await pause(600_000);`);
    configure(project, "executor: { kind: slurm, time: 1m }\n");
    const { code, output } = await pipeline(project);
    assert.equal(code, 1);
    assert.match(
      output,
      /✗ one +failed: Slurm's job \d+ was ended at its time limit: give the stage a longer/,
    );
    assert.match(output, /it begins[^]*DUE TO TIME LIMIT/);
  },
});

test("no more jobs than are allowed are there at once", async () => {
  using project = makeProject(chain);
  const running = start(project, ["run", "--executor=slurm", "--max-jobs=1"]);
  const ending = ended(running);
  let most = 0;
  let isOver = false;
  ending.then(() => isOver = true);
  await until(() => {
    most = Math.max(most, jobsOf(project, "pending,running").length);
    return isOver;
  });
  assert.equal((await ending).code, 0);
  assert.equal(most, 1);
});
