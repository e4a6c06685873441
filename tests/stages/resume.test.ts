/**
 * Tests that attempts at a stage that are killed, one after the other, end in what a single undisturbed
 * attempt makes.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readRows, writeRows } from "../../src/data/rows.ts";
import { writeTinyBert, writeTinyTask } from "./tiny_task.ts";

const attemptModule = fileURLToPath(new URL("attempt.ts", import.meta.url));

interface Attempt {
  readonly stage: string;
  readonly parameters: unknown;
  readonly inputs: Readonly<Record<string, string>>;
  readonly output: string;
  readonly checkpoint: string;
  readonly timesFaster: number;
}

function start({ stage, ...run }: Attempt): Deno.ChildProcess {
  const module = new URL(`../../stages/${stage}.ts`, import.meta.url).href;
  const access = [
    "--allow-read",
    "--allow-write",
    "--allow-env",
    "--allow-sys=uid",
    "--allow-ffi=node_modules",
  ];
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...access, attemptModule, module, JSON.stringify(run)],
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function finish(child: Deno.ChildProcess): Promise<string> {
  const { success, stdout, stderr } = await child.output();
  const [log, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert.ok(success, `${log}${errors}`);
  return log;
}

/** Returns the inodes of the states that were last saved; each save has a new one. */
function savedAs(checkpoint: string): string {
  const states = readdirSync(checkpoint, { recursive: true, encoding: "utf8" })
    .filter((name) => basename(name) === "state.json").sort();
  return states.map((name) => statSync(join(checkpoint, name), { throwIfNoEntry: false })?.ino).join();
}

/**
 * Starts an attempt and kills it some time after it has saved. Returns false where it was done before that.
 */
async function killAfterSave(attempt: Attempt, laterMs: number): Promise<boolean> {
  const before = savedAs(attempt.checkpoint);
  const child = start(attempt);
  let ended = false;
  const output = child.output().then((result) => (ended = true, result));
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  while (!ended && ["", before].includes(savedAs(attempt.checkpoint))) await pause(1);
  await pause(laterMs);
  if (!ended) child.kill("SIGKILL");
  return (await output).signal === "SIGKILL";
}

function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name)).isFile()).sort();
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name), "latin1")]));
}

Deno.test("killed stages go on where they were, and end in the same bytes", async (t) => {
  const root = await Deno.makeTempDir();
  const folder = (name: string) => join(root, name);
  const [checkpoint, data, model, noise] = ["bert", "data", "undisturbed-train-noise-model", "noise"].map(
    folder,
  );
  await writeTinyBert(checkpoint);
  await writeTinyTask(data);
  await mkdir(noise);
  const texts = await readRows(join(data, "train.jsonl"));
  await writeRows(join(noise, "train.jsonl"), texts.map(({ id, text }) => ({ id: `${id}#0`, text })));

  const training = { batchSize: 4, learningRate: 1e-3, warmupSteps: 5 };
  const finetuning = { ...training, steps: 120, maxTokens: 32, logEvery: 7 };
  const cases: readonly (Pick<Attempt, "stage" | "parameters" | "inputs"> & { readonly name: string })[] = [
    {
      name: "train-noise-model",
      stage: "train-noise-model",
      parameters: { ...training, steps: 60, prefixTokens: 8, maxTokens: 12 },
      inputs: { data, checkpoint },
    },
    {
      name: "sample-noise",
      stage: "sample-noise",
      parameters: { samplesPerText: 8, evaluationTexts: 10, maxTokens: 12, batchSize: 5 },
      inputs: { data, model },
    },
    {
      name: "finetune",
      stage: "finetune",
      parameters: { ...finetuning, variant: "scalar", noiseRatio: 2 },
      inputs: { data, checkpoint, noise },
    },
    {
      name: "finetune with an empirical table",
      stage: "finetune",
      parameters: { ...finetuning, variant: "poscal", posCal: { updatesPerEpoch: 1 } },
      inputs: { data, checkpoint },
    },
  ];
  for (const { name: title, stage, parameters, inputs } of cases) {
    await t.step(title, async () => {
      const attempt = async (name: string, timesFaster: number) => {
        const output = folder(`${name}-${title}`);
        await mkdir(output);
        return { stage, parameters, inputs, output, checkpoint: kept, timesFaster };
      };
      const [kept, untouched] = [folder(`kept-${title}`), folder(`untouched-${title}`)];
      await Promise.all([mkdir(kept), mkdir(untouched)]);
      const undisturbed = { ...await attempt("undisturbed", 1), checkpoint: untouched };
      await finish(start(undisturbed)); // in less than half a minute unless the machine is busy, so it saves nothing

      for (const [index, laterMs] of [0, 7, 15].entries()) {
        const killed = await killAfterSave(await attempt(`killed-${index}`, 1e5), laterMs);
        assert.ok(killed, "it is killed before it is done");
      }
      const last = await attempt("last", 1e5);
      assert.match(await finish(start(last)), /resumes after (step|text) [1-9]\d*\n/);
      assert.deepEqual(contents(last.output), contents(undisturbed.output));
    });
  }
  await Deno.remove(root, { recursive: true });
});
