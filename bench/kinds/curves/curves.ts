import type { Precision } from "../../../src/graph/graph.ts";
import type { Bench, Findings } from "../../benchmark.ts";
import {
  apart,
  differencesOf,
  isWithin,
  type RunFigures,
  scatter,
  smoothed,
  smoothedSteps,
  tolerances,
} from "./comparison.ts";
import { curvePlot } from "./plot.ts";
import {
  curveCommand,
  differenceHeadings,
  differenceRow,
  prepareRuns,
  runHeadings,
  runRow,
  trainCurve,
} from "./runs.ts";
import { peerCommand } from "../../peers/environment.ts";
import { table } from "../../page/table.ts";

const plotFile = "curves.svg";
const pytorch = "PyTorch float32";

/** The precision of each of Calibrant's runs. */
const ours: Readonly<Record<string, Precision>> = { "float32": "float32", "bf16": "bfloat16" };

/** Which runs are compared. */
const pairs = [
  { one: "float32", other: pytorch, tolerance: tolerances.float32 },
  { one: "float32", other: "bf16", tolerance: tolerances.bfloat16 },
  { one: pytorch, other: "bf16", tolerance: tolerances.bfloat16 },
] as const;

/** Compares the losses of a classifier that is trained alike in each precision and by PyTorch. */
export async function benchCurves(bench: Bench): Promise<Findings> {
  const { steps, rows } = bench.settings.curves;
  const runs = await trainAll(bench);
  const compared = compare(runs);
  const differences = compared.map(({ name, differences, tolerance }) =>
    differenceRow(name, differences, tolerance)
  );
  differences.forEach((row) => bench.say(row.join(" | ")));
  const failures = compared.filter(({ differences, tolerance }) => !isWithin(differences, tolerance));
  return {
    text: [
      `MiniLM-L6 trained for ${steps} steps by the joint loss (hidden energy, K = 1): a step reads ${rows} reviews for ` +
      "cross-entropy, as many for the data and as many for the noise, which is reviews with their pieces shuffled. All runs have the same first " +
      "weights, batches, learning rates, AdamW and clipping, and no dropout: its masks differ from one implementation to the " +
      "next, and so would all that follows. Each run has one thread. PyTorch rounds in its own way in every operation, and " +
      "training makes small differences grow.",
      table(
        runHeadings,
        Array.from(runs, ([name, figures]) => runRow(name, figures)),
      ),
      "How far two runs are apart: the largest difference of a step's loss, the root mean square of all, the largest difference " +
      `of the means of ${smoothedSteps} steps, and the differences on tune after the last step. The tolerances in ` +
      "parentheses were set beforehand; where one is exceeded, the benchmark fails. From step to step the loss itself scatters by " +
      `${scatter(runs.get("float32")!.losses).toFixed(2)}.`,
      table(
        differenceHeadings,
        differences,
      ),
      `![Losses by step, and how far apart they are; means of ${smoothedSteps} steps](${plotFile})`,
      "That the same seed and threads give the same bits is checked by `tests/ebm/classifier/parts.test.ts`, and for whole " +
      "stages by `tests/stages/resume.test.ts`.",
    ].join("\n\n"),
    plot: {
      file: plotFile,
      svg: curvePlot({
        losses: Array.from(runs, ([name, { losses }]) => ({ name, values: smoothed(losses) })),
        differences: compared.map(({ name, one, other }) => ({
          name,
          values: smoothed(apart(one.losses, other.losses)),
        })),
      }),
    },
    ...(failures.length > 0
      ? { failure: `runs further apart than their tolerance: ${failures.map(({ name }) => name).join("; ")}` }
      : {}),
  };
}

/** Trains all runs and returns their figures by name. */
async function trainAll(bench: Bench): Promise<ReadonlyMap<string, RunFigures>> {
  const { job, labels } = await prepareRuns(bench);
  // The slowest comes first, so that neither of the two lanes is left with it.
  const names = [...(bench.peers ? [pytorch] : []), ...Object.keys(ours)];
  const runs = await twoAtATime(names, async (name) => {
    const command = name === pytorch
      ? peerCommand("curve_peer.py", [job])
      : curveCommand(bench, job, ours[name]);
    const figures = await trainCurve(command, labels);
    bench.say(runRow(name, figures).join(" | "));
    return [name, figures] as const;
  });
  return new Map(runs);
}

/** Finds how far apart the runs of each pair are; a pair is left out where one of its runs wasn't made. */
function compare(runs: ReadonlyMap<string, RunFigures>) {
  return pairs.flatMap((pair) => {
    const [one, other] = [runs.get(pair.one), runs.get(pair.other)];
    if (!one || !other) return [];
    const name = `${pair.one} – ${pair.other}`;
    return [{ name, one, other, differences: differencesOf(one, other), tolerance: pair.tolerance }];
  });
}

/**
 * Makes a result of each item, in the items' order. Two are made at a time, since a run keeps one core busy.
 */
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
