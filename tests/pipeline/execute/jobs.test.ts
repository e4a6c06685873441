/** What is said to Slurm and to a node, and what a node makes of it; none of it needs a Slurm. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { failureOf, isLost } from "../../../src/pipeline/execute/job_end.ts";
import { jobFlags } from "../../../src/pipeline/execute/job_flags.ts";
import { currentRun, jobFiles, makeJobFolder, readEnd } from "../../../src/pipeline/execute/job_folder.ts";
import { jobScript } from "../../../src/pipeline/execute/job_script.ts";
import { requireSharedFiles } from "../../../src/pipeline/execute/shared_files.ts";
import { defaultSlurmSite } from "../../../src/pipeline/file/user_configuration.ts";
import { type ActionFile, actionFileSchema } from "../../../src/pipeline/process/action_file.ts";
import { canonicalJson } from "../../../src/pipeline/store/canonical_json.ts";
import { type ActionKey, digestOfFile } from "../../../src/pipeline/store/digest.ts";
import { scratch } from "../../scratch.ts";
import { projectWith } from "../one_stage.ts";
import { type Project, until } from "../synthetic.ts";

const source = (path: string) => fileURLToPath(new URL(`../../../src/${path}`, import.meta.url));

/** The action of a project's stage, as an engine would write it down. */
function actionOf(project: Project, parameters: Record<string, unknown> = { ms: 0 }): ActionFile {
  const store = project.path("artifacts/.store");
  const files = [
    project.path("stages/one.ts"),
    ...["pipeline/stage.ts", "errors.ts", "excerpt.ts"].map(source),
  ];
  const path = project.path("data.txt");
  Deno.mkdirSync(join(store, "checkpoints"), { recursive: true });
  const action: ActionFile = {
    version: 1,
    key: "0".repeat(64) as ActionKey,
    instance: "one",
    root: project.root,
    module: project.path("stages/one.ts"),
    code: Object.fromEntries(files.map((file) => [file, digestOfFile(file)])),
    late: [],
    written: parameters,
    parameters: canonicalJson(parameters),
    inputFolder: path,
    inputs: { text: { "": { path, digest: digestOfFile(path) } } },
    environment: { deno: Deno.version.deno },
    checkpoint: join(store, "checkpoints", "one"),
    lock: join(store, "checkpoints", "one.lock"),
    log: join(store, "logs", "one.log"),
    threads: 1,
    resources: { cpu: 1 },
    permissions: { network: false, env: [] },
  };
  Deno.writeTextFileSync(join(store, "checkpoints", "one.lock"), "");
  return action;
}

/** Puts an action into a job's folder, and returns the folder and a function that runs the job as Slurm would. */
function jobOf(project: Project, action: ActionFile) {
  const folder = makeJobFolder(project.path("artifacts/.store"), action.key);
  Deno.writeTextFileSync(jobFiles.action(folder), JSON.stringify(action));
  const script = jobScript(action, source("cli/node.ts"), folder);
  const start = () =>
    new Deno.Command("sh", { args: ["-c", script], stdout: "piped", stderr: "piped" }).spawn();
  return { folder, start, run: () => start().output() };
}

Deno.test("of two runs of one job at once, the first gives way to the second, which goes on from its checkpoint", async () => {
  using project = projectWith(`
    const left = join(checkpoint, "left");
    try { Deno.readTextFileSync(left); }
    catch { Deno.writeTextFileSync(left, "something"); await pause(60_000); }
    give();`);
  const { folder, run } = jobOf(project, actionOf(project));
  const first = run();
  await until(() => exists(project.path("artifacts/.store/checkpoints/one/left")));
  const firstRun = currentRun(folder);
  const second = await run();
  assert.equal(second.code, 0, new TextDecoder().decode(second.stderr));
  assert.equal((await first).code, 0);
  assert.notEqual(currentRun(folder), firstRun);
  const last = readEnd(folder);
  assert.ok(last);
  assert.equal(last.end.outcome.kind, "done");
  assert.equal(last.end.isWhole, false);
  assert.equal(Deno.readTextFileSync(join(last.run, "output", "text.txt")), "hello\n");
  const before = JSON.parse(Deno.readTextFileSync(jobFiles.end(jobFiles.run(folder, firstRun ?? ""))));
  assert.deepEqual(before.outcome, { kind: "stopped" });
});

for (
  const [what, change, kind, reason] of [
    [
      "another version of Deno",
      { environment: { deno: "1.0.0" } },
      "failed",
      /its deno is .*, where the key has 1\.0\.0/,
    ],
    ["other parameters than the key's", { parameters: '{"ms":1}' }, "changed", undefined],
    ["other code than the key's", undefined, "changed", undefined],
  ] as const
) {
  Deno.test(`a node that would run ${what} makes nothing`, async () => {
    using project = projectWith("give();");
    const { folder, run } = jobOf(project, { ...actionOf(project), ...change });
    if (!change) project.write({ "stages/one.ts": project.read("stages/one.ts") + "// more\n" });
    await run();
    const outcome = readEnd(folder)?.end.outcome;
    assert.equal(outcome?.kind, kind);
    if (outcome?.kind === "failed") assert.match(outcome.reason, reason ?? /./);
  });
}

for (const signal of ["TERM", "KILL"]) {
  Deno.test(`a node whose stage is ended by SIG${signal} leaves it to Slurm to say why`, async () => {
    using project = projectWith(`log("it waits"); await pause(600_000);`);
    const { folder, start } = jobOf(project, actionOf(project));
    const running = start();
    const ending = running.output();
    const log = project.path("artifacts/.store/logs/one.log");
    await until(() => existsSync(log) && Deno.readTextFileSync(log).includes("it waits"));
    new Deno.Command("pkill", { args: [`-${signal}`, "-P", `${running.pid}`, "deno"] }).outputSync();
    const { code, stderr } = await ending;
    assert.equal(code, 1);
    assert.match(new TextDecoder().decode(stderr), /the stage's process was ended from outside/);
    assert.equal(readEnd(folder), undefined);
  });
}

Deno.test("a node that finds no action, since the run has given it up, says so and ends", async () => {
  using project = projectWith("give();");
  const { folder, run } = jobOf(project, actionOf(project));
  Deno.removeSync(jobFiles.action(folder));
  const { code, stderr } = await run();
  assert.equal(code, 2);
  assert.match(
    new TextDecoder().decode(stderr),
    /found no action in .*: the run that submitted it has given it up/,
  );
});

Deno.test("an action file is JSON that says all, and a file of another version isn't read", () => {
  using project = projectWith("give();");
  const action = actionOf(project);
  assert.deepEqual(actionFileSchema.parse(JSON.parse(JSON.stringify(action))), action);
  assert.ok(!actionFileSchema.safeParse({ ...action, version: 2 }).success);
  assert.ok(!actionFileSchema.safeParse({ ...action, more: 1 }).success);
});

Deno.test("what a stage wants becomes flags of sbatch, after which the user's come", () => {
  using project = projectWith("give();");
  const site = {
    ...defaultSlurmSite(),
    partition: "gpu",
    account: "lab",
    time: "4h",
    flags: { "one@*": ["--constraint=a100"], "two*": ["--exclusive"] },
  };
  const action = { ...actionOf(project), instance: "one@a", threads: 3, resources: { cpu: 3, gpu: 2 } };
  const where = { name: "calibrant-1", folder: "/store/jobs/1", bytes: 2 ** 30 };
  const flags = jobFlags(action, site, where);
  for (
    const flag of [
      ...["--job-name=calibrant-1", "--chdir=/store/jobs/1", "--requeue", "--cpus-per-task=3", "--mem=1536M"],
      ...["--gres=gpu:2", "--time=240", "--partition=gpu", "--account=lab"],
    ]
  ) assert.ok(flags.includes(flag), `${flag} in ${flags.join(" ")}`);
  assert.equal(flags.at(-1), "--constraint=a100");
  assert.ok(jobFlags({ ...action, timeout: "90s" }, site, where).includes("--time=4"));
  const least = jobFlags(actionOf(project), defaultSlurmSite(), { ...where, bytes: undefined });
  assert.doesNotMatch(least.join(" "), /--(mem|gres|time|partition|account|qos)=/);
});

Deno.test("a job that ended without its stage is told by how it ended, and a lost one is worth another", () => {
  const failureIn = (state: string) => {
    const failure = failureOf({ kind: "gone", state, reason: "None" }, "7", scratch, join(scratch, "no.log"));
    return failure.kind === "failed" ? failure.reason : failure.kind;
  };
  assert.match(failureIn("TIMEOUT"), /^Slurm's job 7 was ended at its time limit: give the stage a longer/);
  assert.match(failureIn("OUT_OF_MEMORY"), /^Slurm's job 7 was ended because its memory ran out/);
  assert.equal(failureIn("FAILED"), "Slurm's job 7 ended (FAILED) before its stage was done");
  const lost = ["BOOT_FAIL", "CANCELLED", "FAILED", "LOST", "NODE_FAIL", "PREEMPTED", "TIMEOUT"]
    .filter((state) => isLost({ kind: "gone", state, reason: "" }));
  assert.deepEqual(lost, ["BOOT_FAIL", "LOST", "NODE_FAIL", "PREEMPTED"]);
});

Deno.test("a file system that keeps its promises is taken, and nothing is left on it", () => {
  const folder = Deno.makeTempDirSync({ dir: scratch });
  requireSharedFiles(folder);
  assert.deepEqual([...Deno.readDirSync(folder)], []);
  assert.throws(() => requireSharedFiles("/proc"), /found a store that can't be written/);
});

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
