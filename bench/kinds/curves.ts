import { negativeLogLikelihood } from "../../src/calibration/proper_scores.ts";
import { softmax } from "../../src/calibration/softmax.ts";
import { accuracy, topLabel } from "../../src/calibration/top_label.ts";
import type { Precision } from "../../src/graph/graph.ts";
import { type Bench, nativeCommand } from "../bench.ts";
import {
  apart,
  type Differences,
  differencesOf,
  isWithin,
  type RunFigures,
  scatter,
  smoothed,
  smoothedSteps,
  tolerances,
} from "../curve_comparison.ts";
import { type Curve, type CurveVariant, curveVariants, writeCurveJob } from "../curve_job.ts";
import { type CurvePanel, curvePlot } from "../curve_plot.ts";
import { peerCommand } from "../peers.ts";
import { readReviews } from "../reviews.ts";
import { table } from "../table.ts";

const plotFile = "curves.svg";
const pytorch = "PyTorch float32";

/** Calibrant's runs. */
const ours: Readonly<Record<string, Precision>> = { "float32": "float32", "bf16": "bfloat16" };

/** Which runs are compared. */
const pairs = [
  { one: "float32", other: pytorch, tolerance: tolerances.float32 },
  { one: "float32", other: "bf16", tolerance: tolerances.bfloat16 },
  { one: pytorch, other: "bf16", tolerance: tolerances.bfloat16 },
] as const;

const variantNames: Readonly<Record<CurveVariant, string>> = {
  baseline: "baseline",
  hidden: "joint",
};

/** The losses of classifiers that are trained alike in each precision and by PyTorch. */
export async function benchCurves(bench: Bench) {
  const { steps, rows } = bench.settings.curves;
  const comparisons = await inBothVariants(bench);
  const failures = comparisons.flatMap(({ failures }) => failures);
  const scatters = comparisons.map(({ name, scatter }) => `${scatter.toFixed(2)} (${name})`).join(" and ");
  return {
    text: [
      `MiniLM-L6 trained for ${steps} steps of ${rows} reviews; a joint step (hidden energy, K = 1) reads as many for the data ` +
      "and for the noise, which is reviews in disorder. All runs have the same first weights, batches, learning rates, AdamW and " +
      "clipping, and no dropout: its masks differ from one implementation to the next, and so would all that follows. Each " +
      "run has one thread. PyTorch rounds in its own way in every operation, and training makes small differences grow.",
      table(
        ["run", `loss, first ${smoothedSteps} steps`, `last ${smoothedSteps}`, "NLL on tune", "accuracy"],
        comparisons.flatMap(({ runs }) => runs),
      ),
      "How far two runs are apart: the largest difference of a step's loss, the root mean square of all, the largest difference " +
      `of the means of ${smoothedSteps} steps, and what is left on tune. In parentheses the tolerance, which was set ` +
      `beforehand; where it is passed, the benchmark fails. From step to step the loss itself scatters by ${scatters}.`,
      table(
        ["runs", "largest", "root mean square", "smoothed", "NLL on tune", "accuracy"],
        comparisons.flatMap(({ differences }) => differences),
      ),
      `![Losses by step, and how far apart they are; means of ${smoothedSteps} steps](${plotFile})`,
      "That the same seed and threads give the same bits is a test's business: `tests/ebm/parts.test.ts`, and " +
      "`tests/stages/resume.test.ts` for whole stages.",
    ].join("\n\n"),
    plot: { file: plotFile, svg: curvePlot(comparisons.map(({ panel }) => panel)) },
    failure: failures.length > 0
      ? `runs further apart than their tolerance: ${failures.join("; ")}`
      : undefined,
  };
}

async function inBothVariants(bench: Bench): Promise<Comparison[]> {
  const { tune, ...splits } = await readReviews(bench);
  const job = await writeCurveJob(bench, { tune, ...splits });
  const labels = Int32Array.from(tune, ({ label }) => label);
  // The slowest first, so that neither of the two lanes is left with it.
  const names = [...bench.peers ? [pytorch] : [], ...Object.keys(ours)];
  const asked = curveVariants.toReversed().flatMap((variant) => names.map((name) => ({ variant, name })));
  const runs = await twoAtATime(asked, async ({ variant, name }) => {
    const figures = figuresOf(await train(bench, job, variant, name), labels);
    bench.say([variantNames[variant], ...runRow(name, figures)].join(" | "));
    return { variant, name, figures };
  });
  return curveVariants.map((variant) => {
    const own = runs.filter((run) => run.variant === variant);
    const comparison = compare(
      variantNames[variant],
      new Map(own.map(({ name, figures }) => [name, figures])),
    );
    comparison.differences.forEach((row) => bench.say(row.join(" | ")));
    return comparison;
  });
}

async function train(bench: Bench, job: string, variant: CurveVariant, name: string): Promise<Curve> {
  const [command, ...args] = name === pytorch
    ? peerCommand("curve_peer.py", [job, variant])
    : nativeCommand("curve.ts", [job, variant, ours[name], bench.folder]);
  const { success, stdout, stderr } = await new Deno.Command(command, { args }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`${name}: ${text(stderr)}`);
  return JSON.parse(text(stdout));
}

function figuresOf({ losses, logits }: Curve, labels: Int32Array): RunFigures {
  const scores = Float64Array.from(logits);
  return {
    losses,
    nll: negativeLogLikelihood(scores, labels, 2),
    accuracy: accuracy(topLabel(softmax(scores, 2), labels, 2)),
  };
}

/** What the document says of a variant. */
interface Comparison {
  readonly name: string;
  readonly scatter: number;
  readonly panel: CurvePanel;
  /** Rows of the tables. */
  readonly runs: readonly (readonly string[])[];
  readonly differences: readonly (readonly string[])[];
  /** Pairs of runs that are too far apart. */
  readonly failures: readonly string[];
}

function compare(variant: string, runs: ReadonlyMap<string, RunFigures>): Comparison {
  const compared = pairs.flatMap(({ one, other, tolerance }) => {
    const [first, second] = [runs.get(one), runs.get(other)];
    if (!first || !second) return [];
    const name = `${one} – ${other}`;
    return [{ name, first, second, differences: differencesOf(first, second), tolerance }];
  });
  return {
    name: variant,
    scatter: scatter(runs.get("float32")!.losses),
    panel: {
      name: variant,
      losses: Array.from(runs, ([name, { losses }]) => ({ name, values: smoothed(losses) })),
      differences: compared.map(({ name, first, second }) => ({
        name,
        values: smoothed(apart(first.losses, second.losses)),
      })),
    },
    runs: Array.from(runs, ([name, figures]) => runRow(`${variant}, ${name}`, figures)),
    differences: compared.map(({ name, differences, tolerance }) =>
      differenceRow(`${variant}, ${name}`, differences, tolerance)
    ),
    failures: compared.filter(({ differences, tolerance }) => !isWithin(differences, tolerance))
      .map(({ name }) => `${variant}, ${name}`),
  };
}

function runRow(name: string, { losses, nll, accuracy }: RunFigures): string[] {
  const means = smoothed(losses);
  return [
    name,
    ...[means[0], means.at(-1)!, nll].map((value) => value.toFixed(4)),
    `${(100 * accuracy).toFixed(2)} %`,
  ];
}

function differenceRow(name: string, found: Differences, allowed: Differences): string[] {
  const cell = (figure: keyof Differences, write: (value: number) => string) => {
    const text = write(found[figure]);
    return `${found[figure] <= allowed[figure] ? text : `**${text}**`} (≤ ${write(allowed[figure])})`;
  };
  const nats = (value: number) => String(Number(value.toPrecision(2)));
  const points = (value: number) => `${(100 * value).toFixed(2)} %`;
  return [
    name,
    cell("largest", nats),
    cell("rootMeanSquare", nats),
    cell("smoothed", nats),
    cell("nll", nats),
    cell("accuracy", points),
  ];
}

/** Makes a result of each item, in their order; two are being made at any time, since a run keeps one core busy. */
async function twoAtATime<Item, Result>(
  items: readonly Item[],
  make: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  const lane = async () => {
    for (const [index, item] of waiting) results[index] = await make(item);
  };
  await Promise.all([lane(), lane()]);
  return results;
}
