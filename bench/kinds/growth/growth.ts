import { readNoiseModel } from "../../../src/ebm/noise_model/folder.ts";
import type { TransformerConfig } from "../../../src/nn/config.ts";
import type { Bench, Findings } from "../../benchmark.ts";
import { workCommand } from "../../calibrant/command.ts";
import type { Command } from "../../command.ts";
import { writeStepOfShape } from "../../inputs/one_shape.ts";
import { writeRunFile } from "../../inputs/run_file.ts";
import { type GrowthCurve, growthPlot } from "./plot.ts";
import { trainedNoiseModel } from "../../noise_model/trained_noise_model.ts";
import { readReviews, samplingSteps } from "../../inputs/reviews.ts";
import type { BatchShape } from "../../inputs/step.ts";
import { count, table } from "../../page/table.ts";
import { median } from "../../measuring/median.ts";
import { inTurn, type Measurement } from "../../measuring/turns.ts";

/** What a step or a sample costs at one size. */
interface Point {
  readonly size: number;
  readonly milliseconds: number;
  readonly peakMebibytes: number;
}

/** The measurements of one size that grows while the others stay. */
interface Sweep {
  readonly name: string;
  readonly points: readonly Point[];
}

const plotFile = "growth.svg";

/** Measures time and memory against each size, and fits a power of the size to the time. */
export async function benchGrowth(bench: Bench): Promise<Findings> {
  const sweeps = [...await stepSweeps(bench), await samplingSweep(bench)];
  const { base: { rows, length } } = bench.settings.growth;
  const text = [
    `A joint step with the hidden energy in bf16, ${rows} × ${length}, K = 1, whose sizes grow one at a time; each point ` +
    "is a process of its own, and the point from which all sizes grow is measured once. The last rows are of sampling, in " +
    "milliseconds for each sample that is kept. The power sizeᵖ fits the times best; p is below 1 where a part of the " +
    "cost doesn't grow.",
    table(["what grows", "size", "ms", "peak MiB", "p"], sweeps.flatMap(sweepRows)),
    `![Milliseconds against each size, both on logarithmic axes](${plotFile})`,
  ].join("\n\n");
  const curves = sweeps.map(({ name, points }): GrowthCurve => ({
    name,
    exponent: exponent(points),
    points: points.map(({ size, milliseconds }) => [size, milliseconds]),
  }));
  return { text, plot: { file: plotFile, svg: growthPlot(curves) } };
}

async function stepSweeps(bench: Bench): Promise<Sweep[]> {
  const { base, lengths, rows, layers, vocabularies, noiseRatios } = bench.settings.growth;
  const known = new Map<string, Measurement>(); // the sizes that all sweeps start from are a point of each
  const sweep = (name: string, sizes: readonly number[], change: (size: number) => StepSize) => {
    const commands = sizes.map((size) => [size, stepCommand(bench, { ...base, ...change(size) })] as const);
    return measureSweep(bench, name, commands, ({ milliseconds }) => milliseconds, known);
  };
  return [
    await sweep("tokens of a text", lengths, (length) => ({ length })),
    await sweep("texts of a batch", rows, (rows) => ({ rows })),
    await sweep("layers", layers, (layers) => ({ config: { layers } })),
    await sweep("vocabulary", vocabularies, (vocabularySize) => ({ config: { vocabularySize } })),
    await sweep("K", noiseRatios, (noiseRatio) => ({ noiseRatio })),
  ];
}

type StepSize = Partial<BatchShape> & {
  readonly config?: Partial<TransformerConfig>;
  readonly noiseRatio?: number;
};

/** Makes the command that measures a step of these sizes. Equal sizes give equal commands. */
function stepCommand(
  bench: Bench,
  { rows, length, config, noiseRatio = 1 }: StepSize & BatchShape,
): Command {
  const sized = { ...bench, config: { ...bench.config, ...config } };
  const [kind, precision, variant] = ["classifier", "bfloat16", "hidden"] as const;
  const file = ["growth", rows, length, noiseRatio, sized.config.vocabularySize].join("-");
  const steps = writeStepOfShape(sized, file, { rows, length }, 2 + noiseRatio);
  return workCommand(bench, { kind, precision, variant, noiseRatio, config: sized.config }, steps);
}

async function samplingSweep(bench: Bench): Promise<Sweep> {
  const splits = await readReviews(bench);
  const model = await trainedNoiseModel(bench, splits);
  const { pieces } = await readNoiseModel(model);
  const [kind, precision, counted] = ["sampling", "bfloat16", "samples"] as const;
  const work = { kind, model, precision, maxTokens: 128, counted };
  const commands: [number, Command][] = [];
  for (const size of bench.settings.growth.prompts) {
    const steps = writeRunFile(bench, `growth-${size}`, await samplingSteps(bench, splits, pieces, size));
    commands.push([size, workCommand(bench, work, steps)]);
  }
  const perSample: Cost = ({ milliseconds, tokens }) => milliseconds / Math.max(1, tokens);
  return measureSweep(bench, "prompts at a time", commands, perSample);
}

type Cost = (step: Measurement["steps"][number]) => number;

/**
 * Measures a process for each size, one after the other when all have started. Known commands aren't measured
 * again.
 */
async function measureSweep(
  bench: Bench,
  name: string,
  sizes: readonly (readonly [size: number, command: Command])[],
  cost: Cost,
  known = new Map<string, Measurement>(),
): Promise<Sweep> {
  const commands = sizes.map(([, command]) => [command.join(" "), command] as const);
  const missing = Object.fromEntries(commands.filter(([key]) => !known.has(key)));
  const measured = await inTurn(missing, bench.settings.growth.pace);
  for (const [key, measurement] of Object.entries(measured)) known.set(key, measurement);
  const points = sizes.map(([size], index) => point(bench, name, size, known.get(commands[index][0])!, cost));
  return { name, points };
}

function point(
  bench: Bench,
  name: string,
  size: number,
  { steps, peakMebibytes }: Measurement,
  cost: Cost,
): Point {
  const milliseconds = median(steps.map(cost));
  bench.say(`${name} ${size}: ${milliseconds.toFixed(1)} ms, ${peakMebibytes} MiB`);
  return { size, milliseconds, peakMebibytes };
}

function sweepRows({ name, points }: Sweep): string[][] {
  return points.map(({ size, milliseconds, peakMebibytes }, index) => [
    index === 0 ? name : "",
    count(size),
    milliseconds.toFixed(1),
    count(peakMebibytes),
    index === 0 ? exponent(points).toFixed(2) : "",
  ]);
}

/** Fits a line to the logarithms by least squares, and returns its slope. */
function exponent(points: readonly Point[]): number {
  const x = points.map(({ size }) => Math.log(size));
  const y = points.map(({ milliseconds }) => Math.log(milliseconds));
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  const covariance = mean(x.map((value, index) => (value - meanX) * (y[index] - meanY)));
  return covariance / mean(x.map((value) => (value - meanX) ** 2));
}
