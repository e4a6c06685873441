import { join } from "node:path";
import { digestOfFile } from "../../../src/pipeline/store/digest.ts";
import type { Bench, Findings } from "../../benchmark.ts";
import type { Command } from "../../command.ts";
import { median } from "../../measuring/median.ts";
import { beside, count, table } from "../../page/table.ts";
import { calibrant, calibrantCommand, writeFilesProject } from "./calibrant.ts";
import { dvc, dvcCommand, writeDvcFilesProject } from "./dvc.ts";
import { execute } from "./program.ts";
import { snakemake } from "./snakemake.ts";

/** Measures the engine beside DVC and Snakemake, as whole processes in turn. */
export async function benchEngine(bench: Bench): Promise<Findings> {
  const { stages, manyStages, files } = bench.settings.engine;
  bench.say(`${stages} stages`);
  const chains = await measureChains(bench);
  const [own, warm] = chains;
  bench.say(`${manyStages} stages, ${files} files`);
  // Each keeps about one core busy until it is up to date. Only what comes then is measured.
  const [chain, projects] = await Promise.all([manyDone(bench), filesCounted(bench)]);
  const many = await measureMany(bench, chain);
  const status = await measureStatus(bench, projects);
  const empty = await measureEmpty(bench);
  const perStage = ({ cold, look }: Measured) => 1000 * (cold - look) / stages;
  const text = [
    "Whole processes, in turn. From nothing, Calibrant starts a sandboxed Deno process for each stage, where Snakemake starts " +
    "a shell; stages that declare `warm: true` share one. Only these ran from nothing several times; the others did once.",
    table(
      [`${stages} chained one-line stages`, "from nothing", "nothing to do"],
      chains.map(({ name, cold, idle }) => [name, seconds(cold), seconds(idle)]),
    ),
    table(["", "measured", "goal"], [
      ["an empty Deno program", seconds(empty), ""],
      [`nothing to do, ${stages} stages`, ...beside(own.idle, "≤", 3 * empty, seconds)],
      [`nothing to do, ${count(manyStages)} chained stages`, ...beside(many, "≤", 0.4, seconds)],
      [`\`status\` with ${count(files)} input files`, ...beside(status.own, "≤", 0.15, seconds)],
      ...(status.dvc === undefined ? [] : [[`the same of ${dvc.name}`, seconds(status.dvc), ""]]),
      ["from nothing, for each stage, in a warm process", ...beside(perStage(warm), "≤", 8, milliseconds)],
      ["the same, each in a process of its own", ...beside(perStage(own), "≤", 60, milliseconds)],
      ["hashing, one core", ...beside(measureHashing(bench), "≥", 1, gigabytes)],
    ]),
  ].join("\n\n");
  return { text };
}

/** What one program takes for the chain. */
interface Measured {
  readonly name: string;
  /** Seconds from nothing. */
  readonly cold: number;
  /** Seconds where there is nothing to do, before a run has noted that. */
  readonly look: number;
  /** The same once a run has. */
  readonly idle: number;
}

async function measureChains({ settings: { engine }, peers, folder }: Bench): Promise<readonly Measured[]> {
  // All but the fastest take so long from nothing that they do so only once.
  const programs = [
    { ...calibrant(false), coldTurns: 1 },
    { ...calibrant(true), coldTurns: engine.turns },
    ...(peers ? [dvc, snakemake] : []).map((each) => ({ ...each, coldTurns: 1 })),
  ].map((each) => ({
    ...each,
    folder: Deno.makeTempDirSync({ dir: folder }),
    colds: [] as number[],
    idles: [] as number[],
  }));
  for (const { folder, writeChain } of programs) await writeChain(folder, engine.stages);
  // They take turns, so that a machine whose speed drifts is the same for all.
  for (let turn = 0; turn < engine.turns; turn++) {
    for (const { folder, command, forget, coldTurns, colds } of programs) {
      if (turn >= coldTurns) continue;
      await execute(folder, forget);
      colds.push(await execute(folder, command));
    }
  }
  const looks: number[] = [];
  for (const { folder, command } of programs) looks.push(await settle(folder, command));
  for (let turn = 0; turn < engine.turns; turn++) {
    for (const { folder, command, idles } of programs) idles.push(await execute(folder, command));
  }
  return programs.map(({ name, colds, idles }, index) => ({
    ...{ name, cold: median(colds), look: looks[index], idle: median(idles) },
  }));
}

/**
 * Runs a program once more after it has made everything, and returns the seconds. Of what was written within the
 * last two seconds nothing is remembered, and only this run notes that there was nothing to do.
 */
async function settle(folder: string, command: Command): Promise<number> {
  await execute(folder, ["sleep", "3"]);
  return await execute(folder, command);
}

/** Makes a long chain, brings it up to date and returns its folder. */
async function manyDone({ settings: { engine }, folder }: Bench): Promise<string> {
  const inner = Deno.makeTempDirSync({ dir: folder });
  const { writeChain, command } = calibrant(true);
  await writeChain(inner, engine.manyStages);
  await execute(inner, command);
  await settle(inner, command);
  return inner;
}

async function measureMany({ settings: { engine } }: Bench, chain: string): Promise<number> {
  const taken: number[] = [];
  for (let turn = 0; turn < engine.turns; turn++) taken.push(await execute(chain, calibrantCommand()));
  return median(taken);
}

/**
 * Makes projects with many files, Calibrant's and DVC's, brings them up to date and returns their folders.
 */
async function filesCounted({ settings: { engine }, peers, folder }: Bench): Promise<readonly string[]> {
  const [own, other] = [1, 2].map(() => Deno.makeTempDirSync({ dir: folder }));
  writeFilesProject(own, engine.files);
  await execute(own, ["sleep", "2"]); // a file that was just written is read again rather than remembered
  await execute(own, calibrantCommand());
  if (peers) {
    await writeDvcFilesProject(other, engine.files);
    await execute(other, dvcCommand("repro", "--quiet"));
  }
  return [own, other];
}

async function measureStatus(
  { settings: { engine }, peers }: Bench,
  [own, other]: readonly string[],
): Promise<{ own: number; dvc?: number }> {
  const [ours, theirs]: number[][] = [[], []];
  for (let turn = 0; turn < engine.turns; turn++) {
    ours.push(await execute(own, calibrantCommand("status")));
    if (peers) theirs.push(await execute(other, dvcCommand("status")));
  }
  return { own: median(ours), ...(peers ? { dvc: median(theirs) } : {}) };
}

/** Measures the seconds of a Deno process that does nothing, the least that any can take. */
async function measureEmpty({ settings: { engine }, folder }: Bench): Promise<number> {
  const program = join(folder, "empty.ts");
  Deno.writeTextFileSync(program, "");
  const taken: number[] = [];
  for (let turn = 0; turn < engine.turns; turn++) {
    taken.push(await execute(folder, [Deno.execPath(), "run", "--no-prompt", "--quiet", program]));
  }
  return median(taken);
}

/** Measures the gigabytes that are hashed in a second. */
function measureHashing({ settings: { engine }, folder }: Bench): number {
  const path = join(folder, "bytes");
  Deno.writeFileSync(path, new Uint8Array(engine.hashedBytes));
  const rates = Array.from({ length: engine.turns }, () => {
    const started = performance.now();
    digestOfFile(path);
    return engine.hashedBytes / (performance.now() - started) / 1e6;
  });
  return median(rates);
}

function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}

function milliseconds(value: number): string {
  return `${value.toFixed(1)} ms`;
}

function gigabytes(value: number): string {
  return `${value.toFixed(2)} GB/s`;
}
