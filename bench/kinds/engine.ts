import { join } from "node:path";
import { digestOfFile } from "../../src/pipeline/digest.ts";
import type { Bench } from "../bench.ts";
import {
  calibrant,
  calibrantCommand,
  dvc,
  dvcCommand,
  execute,
  snakemake,
  writeDvcFilesProject,
  writeFilesProject,
} from "../engines.ts";
import { table } from "../table.ts";

/** The engine beside DVC and Snakemake, as whole processes in turn. */
export function benchEngine(bench: Bench): Promise<string> {
  const { stages, manyStages, files } = bench.settings.engine;
  bench.say(`${stages} stages`);
  const chains = measureChains(bench);
  const [own, warm] = chains;
  bench.say(`${manyStages} stages`);
  const many = measureMany(bench);
  bench.say(`${files} files`);
  const status = measureStatus(bench);
  const perStage = ({ cold, idle }: Measured) => `${(1000 * (cold - idle) / stages).toFixed(1)} ms`;
  return Promise.resolve([
    "Whole processes, in turn. From nothing, Calibrant starts a sandboxed Deno process for each stage, where Snakemake starts " +
    "a shell; stages that declare `warm: true` share one. All but these run from nothing once.",
    table(
      [`${stages} chained one-line stages`, "from nothing", "nothing to do"],
      chains.map(({ name, cold, idle }) => [name, seconds(cold), seconds(idle)]),
    ),
    table(["", "measured", "goal"], [
      [`nothing to do, ${stages} stages`, seconds(own.idle), "≤ 0.15 s"],
      [`nothing to do, ${manyStages.toLocaleString("en-US")} chained stages`, seconds(many), "≤ 0.6 s"],
      [`\`status\` with ${files.toLocaleString("en-US")} input files`, seconds(status.own), "≤ 0.15 s"],
      ...(status.dvc === undefined ? [] : [[`the same of ${dvc.name}`, seconds(status.dvc), ""]]),
      ["from nothing, for each stage, in a warm process", perStage(warm), "≤ 10 ms"],
      ["the same, each in a process of its own", perStage(own), ""],
      ["hashing, one core", `${measureHashing(bench).toFixed(2)} GB/s`, "≥ 1 GB/s"],
    ]),
  ].join("\n\n"));
}

interface Measured {
  readonly name: string;
  /** Seconds from nothing. */
  readonly cold: number;
  /** Seconds with nothing to do. */
  readonly idle: number;
}

function measureChains({ settings: { engine }, peers, folder }: Bench): readonly Measured[] {
  // All but the fastest take so long from nothing that once has to do.
  const engines = [
    { ...calibrant(false), coldTurns: 1 },
    { ...calibrant(true), coldTurns: engine.turns },
    ...(peers ? [dvc, snakemake] : []).map((each) => ({ ...each, coldTurns: 1 })),
  ].map((each) => {
    const inner = Deno.makeTempDirSync({ dir: folder });
    each.writeChain(inner, engine.stages);
    return { ...each, folder: inner, colds: [] as number[], idles: [] as number[] };
  });
  // In turn, so that a machine whose speed drifts is the same for all.
  for (let turn = 0; turn < engine.turns; turn++) {
    for (const { folder, command, forget, coldTurns, colds, idles } of engines) {
      if (turn < coldTurns) {
        execute(folder, forget);
        colds.push(execute(folder, command));
      }
      idles.push(execute(folder, command));
    }
  }
  return engines.map(({ name, colds, idles }) => ({ name, cold: median(colds), idle: median(idles) }));
}

function measureMany({ settings: { engine }, folder }: Bench): number {
  const inner = Deno.makeTempDirSync({ dir: folder });
  const { writeChain, command } = calibrant(true);
  writeChain(inner, engine.manyStages);
  execute(inner, command);
  return median(repeated(engine.turns, () => execute(inner, command)));
}

function measureStatus({ settings: { engine }, peers, folder }: Bench): { own: number; dvc?: number } {
  const [own, other] = [1, 2].map(() => Deno.makeTempDirSync({ dir: folder }));
  writeFilesProject(own, engine.files);
  execute(own, ["sleep", "2"]); // files as fresh as this are rather read again than remembered
  execute(own, calibrantCommand());
  if (peers) {
    writeDvcFilesProject(other, engine.files);
    execute(other, dvcCommand("repro", "--quiet"));
  }
  const turns = repeated(engine.turns, () => ({
    own: execute(own, calibrantCommand("status")),
    dvc: peers ? execute(other, dvcCommand("status")) : NaN,
  }));
  return {
    own: median(turns.map((turn) => turn.own)),
    ...(peers ? { dvc: median(turns.map((turn) => turn.dvc)) } : {}),
  };
}

/** Gigabytes a second. */
function measureHashing({ settings: { engine }, folder }: Bench): number {
  const path = join(folder, "bytes");
  Deno.writeFileSync(path, new Uint8Array(engine.hashedBytes));
  const rates = repeated(engine.turns, () => {
    const started = performance.now();
    digestOfFile(path);
    return engine.hashedBytes / (performance.now() - started) / 1e6;
  });
  return median(rates);
}

function repeated<T>(times: number, work: () => T): T[] {
  return Array.from({ length: times }, work);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}
