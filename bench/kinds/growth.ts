import { readNoiseModel } from "../../src/ebm/noise_model.ts";
import type { TransformerConfig } from "../../src/nn/config.ts";
import { type Bench, fixedSteps, ours, writeFile } from "../bench.ts";
import { type Curve, growthPlot } from "../growth_plot.ts";
import { trainedNoiseModel } from "../noise_model.ts";
import { readReviews, samplingSteps } from "../reviews.ts";
import type { BatchShape } from "../settings.ts";
import { count, table } from "../table.ts";
import { inTurn, type Measurement, median } from "../turns.ts";

/** What a step or a sample costs at one size. */
interface Point {
  readonly size: number;
  readonly milliseconds: number;
  readonly peakMebibytes: number;
}

/** One size that grows while the others stay. */
interface Sweep {
  readonly name: string;
  readonly points: readonly Point[];
}

const plotFile = "growth.svg";

/** Time and memory against each size, with the exponent of the power of the size that fits best. */
export async function benchGrowth(bench: Bench) {
  const sweeps = [...await stepSweeps(bench), await samplingSweep(bench)];
  const { base: { rows, length } } = bench.settings.growth;
  const text = [
    `A joint step with the hidden energy in bf16, ${rows} × ${length}, K = 1, whose sizes grow one at a time; each point ` +
    "is a process of its own, and the one that sweeps share is measured once. The last sweep is of sampling: milliseconds for " +
    "each sample that is kept. The exponent p is that of the power sizeᵖ that fits the times best; where other costs stay the same, it is below 1.",
    table(["what grows", "size", "ms", "peak MiB", "p"], sweeps.flatMap(sweepRows)),
    `![Milliseconds against each size, both on logarithmic axes](${plotFile})`,
  ].join("\n\n");
  const curves = sweeps.map(({ name, points }): Curve => ({
    name,
    exponent: exponent(points),
    points: points.map(({ size, milliseconds }) => [size, milliseconds]),
  }));
  return { text, plot: { file: plotFile, svg: growthPlot(curves) } };
}

async function stepSweeps(bench: Bench): Promise<Sweep[]> {
  const { base, lengths, rows, layers, vocabularies, noiseRatios } = bench.settings.growth;
  const measure = stepMeasurer(bench);
  const sweep = async (
    name: string,
    sizes: readonly number[],
    change: (size: number) => StepSize,
  ): Promise<Sweep> => ({
    name,
    points: await inOrder(sizes, async (size) => {
      const measured = await measure({ ...base, ...change(size) });
      return point(bench, name, size, measured, ({ milliseconds }) => milliseconds);
    }),
  });
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

/** Measures steps, those of the same sizes once: what all sweeps start from is a point of each. */
function stepMeasurer(bench: Bench): (size: StepSize & BatchShape) => Promise<Measurement> {
  const known = new Map<string, Measurement>();
  return async ({ rows, length, config, noiseRatio = 1 }) => {
    const sized = { ...bench, config: { ...bench.config, ...config } };
    const work = {
      kind: "classifier",
      precision: "bfloat16",
      variant: "hidden",
      noiseRatio,
      config: sized.config,
    } as const;
    const key = JSON.stringify({ work, rows, length });
    const steps = fixedSteps(sized, "growth", { rows, length }, 2 + noiseRatio);
    const measured = known.get(key) ??
      (await inTurn({ work: ours(bench, work, steps) }, bench.settings.growth.pace)).work;
    known.set(key, measured);
    return measured;
  };
}

async function samplingSweep(bench: Bench): Promise<Sweep> {
  const { growth: { prompts, pace } } = bench.settings;
  const splits = await readReviews(bench);
  const model = await trainedNoiseModel(bench, splits);
  const { pieces } = await readNoiseModel(model);
  const name = "prompts at a time";
  const points = await inOrder(prompts, async (size) => {
    const steps = writeFile(bench, "growth", await samplingSteps(bench, splits, pieces, size));
    const work = {
      kind: "sampling",
      model,
      precision: "bfloat16",
      maxTokens: 128,
      counted: "samples",
    } as const;
    const { work: measured } = await inTurn({ work: ours(bench, work, steps) }, pace);
    return point(
      bench,
      name,
      size,
      measured,
      ({ milliseconds, tokens }) => milliseconds / Math.max(1, tokens),
    );
  });
  return { name, points };
}

function point(
  bench: Bench,
  name: string,
  size: number,
  { steps, peakMebibytes }: Measurement,
  cost: (step: Measurement["steps"][number]) => number,
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

/** The slope of the least-squares line through the logarithms. */
function exponent(points: readonly Point[]): number {
  const x = points.map(({ size }) => Math.log(size));
  const y = points.map(({ milliseconds }) => Math.log(milliseconds));
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  const covariance = mean(x.map((value, index) => (value - meanX) * (y[index] - meanY)));
  return covariance / mean(x.map((value) => (value - meanX) ** 2));
}

async function inOrder<Item, Result>(
  items: readonly Item[],
  make: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await make(item));
  return results;
}
