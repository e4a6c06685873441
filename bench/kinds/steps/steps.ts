import type { Precision } from "../../../src/graph/graph.ts";
import type { Variant } from "../../../src/ebm/classifier/variant.ts";
import { classifierOperations, languageModelOperations } from "../../arithmetic.ts";
import { type Bench, fixedSteps, ours, torchPeer, withoutTorch, writeFile } from "../../bench.ts";
import { type Goals, hold, type Result, resultHeadings, resultRow } from "../../measuring/contest.ts";
import { classifierSteps, readReviews, type RealSteps } from "../../inputs/reviews.ts";
import { count, table } from "../../page/table.ts";
import { stepTime } from "../../measuring/turns.ts";
import type { Work } from "../../calibrant/worker.ts";

const goals = {
  crossEntropy: { float32: 1.35, bfloat16: 2.2, bothBfloat16: 1.3 },
  step: { float32: 1.5, bfloat16: 2.5, bothBfloat16: 1.5 },
  real: { float32: 2, bfloat16: 3.5, bothBfloat16: 2 },
} as const satisfies Record<string, Goals>;

/** Training steps on batches of one shape and on reviews. */
export async function benchSteps(bench: Bench): Promise<string> {
  return [
    ...withoutTorch(bench),
    "Batches of one shape: milliseconds of a step.",
    table([...resultHeadings("step", "PyTorch"), "GFLOP/s"], await fixed(bench)),
    "Movie reviews: tokens of texts, not of padding, in a second. PyTorch pads each batch to its longest text and has " +
    "the full vocabulary; Calibrant packs the texts and has the task's.",
    table(resultHeadings("step on reviews", "PyTorch"), await real(bench)),
    "PyTorch's joint steps have the hidden energy, its cheapest, whatever ours is; with K = 8, ours on one shape is the " +
    "scalar energy alone, which has a head of its own, so that the others do less. Peak memory is that of a process " +
    "which does nothing else, and GFLOP/s are those of our matrix products; both for float32 · bf16.",
  ].join("\n\n");
}

async function fixed(bench: Bench): Promise<string[][]> {
  const { config, settings: { crossEntropy, joint, noiseRatios, energies, noiseModel } } = bench;
  const shape = ({ rows, length }: { rows: number; length: number }) => `${rows} × ${length}`;
  const options = ({ rows, length }: { rows: number; length: number }) => ["--batch", rows, "--seq", length];

  const rows = await contest(bench, {
    works: { [`cross-entropy, ${shape(crossEntropy)}, dropout 0.1`]: classifier("baseline") },
    stepsFile: fixedSteps(bench, "cross-entropy", crossEntropy),
    peer: ["ce", ...options(crossEntropy)],
    goals: goals.crossEntropy,
    operations: classifierOperations(config, crossEntropy.rows, crossEntropy.length),
  });
  for (const [index, noiseRatio] of noiseRatios.entries()) {
    // Energies differ in what little comes after the encoder, so that the first, which does most there, can stand for all.
    const named = energies.slice(0, index === 0 ? undefined : 1).map((energy) =>
      [`joint, ${shape(joint)}, K = ${noiseRatio}, ${energy}`, classifier(energy, noiseRatio)] as const
    );
    rows.push(
      ...await contest(bench, {
        works: Object.fromEntries(named),
        stepsFile: fixedSteps(bench, `joint-${noiseRatio}`, joint, 2 + noiseRatio),
        peer: ["joint", ...options(joint), "--k", noiseRatio],
        goals: goals.step,
        operations: classifierOperations(config, (2 + noiseRatio) * joint.rows, joint.length),
      }),
    );
  }
  rows.push(
    ...await contest(bench, {
      works: { [`noise model, ${shape(noiseModel)}, full vocabulary`]: { kind: "noise-model" } },
      stepsFile: fixedSteps(bench, "noise-model", noiseModel),
      peer: ["lm", ...options(noiseModel)],
      goals: goals.step,
      operations: languageModelOperations(config, noiseModel.rows, noiseModel.length),
    }),
  );
  return rows;
}

async function real(bench: Bench): Promise<string[][]> {
  const { settings: { crossEntropy, joint, noiseRatios } } = bench;
  const splits = await readReviews(bench);
  const rows: string[][] = [];
  const measure = async (
    name: string,
    work: PartialWork,
    steps: RealSteps,
    peer: readonly (string | number)[],
  ) => {
    const theirs = writeFile(bench, "real-theirs", steps.theirs);
    rows.push(
      ...await contest(bench, {
        works: { [name]: { ...work, vocabularySize: steps.vocabularySize } },
        stepsFile: writeFile(bench, "real-ours", steps.ours),
        peer: ["--texts", theirs, ...peer],
        goals: goals.real,
      }),
    );
  };
  await measure(
    `cross-entropy, ${crossEntropy.rows} reviews`,
    classifier("baseline"),
    await classifierSteps(bench, splits, crossEntropy.rows, 1),
    ["ce", "--batch", crossEntropy.rows],
  );
  for (const noiseRatio of noiseRatios) {
    await measure(
      `joint, ${joint.rows} reviews, K = ${noiseRatio}, hidden`,
      classifier("hidden", noiseRatio),
      await classifierSteps(bench, splits, joint.rows, 2 + noiseRatio),
      ["joint", "--batch", joint.rows, "--k", noiseRatio],
    );
  }
  return rows;
}

/** A work of training, but for the model's sizes and the precision. */
type PartialWork =
  & (
    | { readonly kind: "classifier"; readonly variant: Variant; readonly noiseRatio: number }
    | { readonly kind: "noise-model" }
  )
  & { readonly vocabularySize?: number };

function classifier(variant: Variant, noiseRatio = 1): PartialWork {
  return { kind: "classifier", variant, noiseRatio };
}

interface StepContest {
  readonly works: Readonly<Record<string, PartialWork>>;
  readonly stepsFile: string;
  /** Arguments of the peer's program. */
  readonly peer: readonly (string | number)[];
  readonly goals: Goals;
  /** Floating-point operations of a step, where all have the same. */
  readonly operations?: number;
}

async function contest(
  bench: Bench,
  { works, stepsFile, peer, goals, operations }: StepContest,
): Promise<string[][]> {
  const { settings: { precisions, pace } } = bench;
  const command = ({ vocabularySize, ...work }: PartialWork) => (precision: Precision) => {
    const config = { ...bench.config, ...(vocabularySize ? { vocabularySize } : {}) };
    return ours(bench, { ...work, config, precision } as Work, stepsFile);
  };
  const results = await hold({
    ours: Object.fromEntries(Object.entries(works).map(([name, work]) => [name, command(work)])),
    ourPrecisions: precisions,
    peer: torchPeer(bench, peer),
    peerPrecisions: precisions,
    pace,
  });
  const rows = results.map((result) =>
    operations
      ? [...resultRow(result, "milliseconds", goals), rates(result, operations)]
      : resultRow(result, "tokens", goals)
  );
  rows.forEach((row) => bench.say(row.join(" | ")));
  return rows;
}

function rates({ ours }: Result, operations: number): string {
  return [ours.float32, ours.bfloat16]
    .map((measured) => measured ? count(operations / stepTime(measured) / 1e6) : "–").join(" · ");
}
