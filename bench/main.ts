/**
 * `deno task bench [KIND [FILE]]` measures one kind of work, or `all`, and writes docs/benchmarks.md, or
 * another file below docs or artifacts. `bench smoke` does a little of each and prints the page instead; it
 * compares with other programs where an earlier run has installed them. `bench chart` draws the page's figures
 * anew.
 */
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { formatted } from "../src/cli/results/formatted.ts";
import { readConfig } from "../src/nn/read_config.ts";
import type { Bench, Benchmark, Findings } from "./benchmark.ts";
import { benchCurves } from "./kinds/curves/curves.ts";
import { benchEngine } from "./kinds/engine/engine.ts";
import { benchGpu } from "./kinds/gpu/gpu.ts";
import { benchGrouped } from "./kinds/grouped/grouped.ts";
import { benchGrowth } from "./kinds/growth/growth.ts";
import { benchInference } from "./kinds/inference/inference.ts";
import { benchMetrics } from "./kinds/metrics/metrics.ts";
import { benchPredict } from "./kinds/predict/predict.ts";
import { benchSampling } from "./kinds/sampling/sampling.ts";
import { benchSchedule } from "./kinds/schedule/schedule.ts";
import { benchServe } from "./kinds/serve/serve.ts";
import { benchSteps } from "./kinds/steps/steps.ts";
import { benchTokenizer } from "./kinds/tokenizer/tokenizer.ts";
import { circumstances, headings, type Kind, readDocument, updated } from "./page/document.ts";
import { speedChart } from "./page/speed_chart.ts";
import { installPeers, peersInstalled } from "./peers/environment.ts";
import { full, smoke } from "./settings.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

const kinds: Readonly<Record<Kind, Benchmark>> = {
  steps: benchSteps,
  grouped: benchGrouped,
  curves: benchCurves,
  sampling: benchSampling,
  inference: benchInference,
  predict: benchPredict,
  serve: benchServe,
  tokenizer: benchTokenizer,
  growth: benchGrowth,
  gpu: benchGpu,
  engine: benchEngine,
  schedule: benchSchedule,
  metrics: benchMetrics,
};

const usage = `Usage: deno task bench [KIND [FILE]]

Measures how fast Calibrant is, beside other programs, and writes docs/benchmarks.md or another file below docs or
artifacts.

Kinds:
  ${Object.keys(kinds).join(", ")}
  all    each of these; so it is without a kind
  smoke  does a little of each, and prints the page instead
  chart  measures nothing; it draws speed.svg beside the page from the page's figures, as every run does

Exit codes: 0 done, 1 what was to be reached at least isn't, 2 wrong arguments, 130 interrupted.`;

const [asked = "all", file = "docs/benchmarks.md"] = Deno.args;
const document = resolve(root, file);
const isSmoke = asked === "smoke";
const isKind = (name: string): name is Kind => Object.hasOwn(kinds, name);
if (["--help", "-h"].includes(asked)) {
  console.log(usage);
  Deno.exit(0);
}
if (!isKind(asked) && !["all", "smoke", "chart"].includes(asked)) {
  console.error(
    `unknown kind "${asked}"; known are smoke, chart, ${Object.keys(kinds).join(", ")}, and all without one`,
  );
  Deno.exit(2);
}
if (!["docs", "artifacts"].some((folder) => document.startsWith(join(root, folder, "/")))) {
  console.error(`found ${file} to write to, expected a file below docs or artifacts`);
  Deno.exit(2);
}

if (asked === "chart") {
  await writeChart();
  Deno.exit(0);
}

const started = performance.now();
const say = (line: string) => {
  const seconds = Math.round((performance.now() - started) / 1000);
  console.error(
    `${String(Math.floor(seconds / 60)).padStart(2)}:${String(seconds % 60).padStart(2, "0")}  ${line}`,
  );
};

const bench = await prepare();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    Deno.removeSync(bench.folder, { recursive: true });
    Deno.exit(130);
  });
}
const sections: Partial<Record<Kind, string>> = {};
const failures: string[] = [];
try {
  for (const kind of isKind(asked) ? [asked] : Object.keys(kinds).filter(isKind)) {
    say(headings[kind]);
    const begun = performance.now();
    const { text, plot, failure } = await kinds[kind](bench);
    say(`${kind} took ${((performance.now() - begun) / 1000).toFixed(0)} s`);
    if (failure) failures.push(`${kind}: ${failure}`);
    sections[kind] = `${circumstances(bench, kind)}\n\n${text}`;
    // Each section is written at once, since the next may take minutes, or fail.
    if (!isSmoke) await write(sections, plot);
  }
} finally {
  await Deno.remove(bench.folder, { recursive: true });
}
if (isSmoke) console.log(updated("", sections));
failures.forEach(say);
say(failures.length > 0 ? "failed" : "done");
Deno.exitCode = failures.length > 0 ? 1 : 0;

async function prepare(): Promise<Bench> {
  const [load] = Deno.loadavg();
  const settings = isSmoke ? smoke : full;
  const checkpoint = join(root, "artifacts/setup/minilm-l6");
  if (!isSmoke) {
    say("the Python environment to compare with");
    await installPeers();
  }
  const folder = await Deno.makeTempDir({ dir: join(root, "artifacts"), prefix: ".bench-" });
  const config = { ...await readConfig(checkpoint), ...settings.sizes };
  return { settings, root, checkpoint, config, folder, peers: peersInstalled(), load, say };
}

async function write(
  sections: Readonly<Partial<Record<Kind, string>>>,
  plot: Findings["plot"],
): Promise<void> {
  await Deno.mkdir(dirname(document), { recursive: true });
  if (plot) await Deno.writeTextFile(join(dirname(document), plot.file), await formatted(plot.svg, "svg"));
  await Deno.writeTextFile(document, await formatted(updated(readDocument(document), sections), "md"));
  await writeChart();
}

/** Draws how fast everything on the page is, beside the page. */
async function writeChart(): Promise<void> {
  const svg = speedChart(readDocument(document));
  if (svg) await Deno.writeTextFile(join(dirname(document), "speed.svg"), await formatted(svg, "svg"));
}
