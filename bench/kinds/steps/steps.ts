import type { Precision } from "../../../src/graph/graph.ts";
import type { Variant } from "../../../src/ebm/classifier/variant.ts";
import { readConfig } from "../../../src/nn/read_config.ts";
import type { Bench, Findings } from "../../benchmark.ts";
import { workCommand } from "../../calibrant/command.ts";
import { writeStepOfShape } from "../../inputs/one_shape.ts";
import { classifierSteps, readReviews, type RealSteps } from "../../inputs/reviews.ts";
import { writeRunFile } from "../../inputs/run_file.ts";
import type { BatchShape } from "../../inputs/step.ts";
import { hold, type Result } from "../../measuring/contest.ts";
import { classifierOperations, languageModelOperations } from "../../measuring/operations.ts";
import { stepTime } from "../../measuring/turns.ts";
import { type Goals, resultHeadings, resultRow } from "../../page/result_row.ts";
import { count, table } from "../../page/table.ts";
import { torchCommand } from "../../peers/torch.ts";

const goals = {
  crossEntropy: { float32: 1.35, bfloat16: 2.2, bothBfloat16: 1.3 },
  step: { float32: 1.5, bfloat16: 2.5, bothBfloat16: 1.5 },
  real: { float32: 2, bfloat16: 3.5, bothBfloat16: 2 },
} as const satisfies Record<string, Goals>;

/** Measures training steps on batches of one shape and on reviews. */
export async function benchSteps(bench: Bench): Promise<Findings> {
  const text = [
    "Batches of one shape: milliseconds of a step.",
    table([...resultHeadings("step", "PyTorch"), "GFLOP/s"], await fixed(bench)),
    "Movie reviews: tokens in a second, not counting padding. PyTorch pads each batch to its longest text and has the " +
    "full vocabulary; Calibrant packs the texts and has the task's vocabulary.",
    table(resultHeadings("step on reviews", "PyTorch"), await real(bench)),
    "PyTorch's joint steps always have the hidden energy, which costs it least. With K = 8, batches of one shape were " +
    "measured with the scalar energy alone, which costs Calibrant most because it has a head of its own. Peak memory is " +
    "that of a process which does nothing else, and GFLOP/s are those of Calibrant's matrix products; both are given for " +
    "float32 · bf16.",
  ].join("\n\n");
  return { text };
}

async function fixed(bench: Bench): Promise<string[][]> {
  const { config, settings: { crossEntropy, joint, noiseRatios, energies, noiseModel } } = bench;
  const shape = ({ rows, length }: BatchShape) => `${rows} × ${length}`;

  const rows = await contest(bench, {
    works: { [`cross-entropy, ${shape(crossEntropy)}, dropout 0.1`]: classifier("baseline") },
    stepsFile: writeStepOfShape(bench, "cross-entropy", crossEntropy),
    peer: classifier("baseline"),
    goals: goals.crossEntropy,
    operations: classifierOperations(config, crossEntropy.rows, crossEntropy.length),
  });
  for (const [index, noiseRatio] of noiseRatios.entries()) {
    // Energies differ only after the encoder, where little is computed. The first, which does most there,
    // stands for all.
    const named = energies.slice(0, index === 0 ? undefined : 1).map((energy) =>
      [`joint, ${shape(joint)}, K = ${noiseRatio}, ${energy}`, classifier(energy, noiseRatio)] as const
    );
    rows.push(
      ...await contest(bench, {
        works: Object.fromEntries(named),
        stepsFile: writeStepOfShape(bench, `joint-${noiseRatio}`, joint, 2 + noiseRatio),
        peer: classifier("hidden", noiseRatio),
        goals: goals.step,
        operations: classifierOperations(config, (2 + noiseRatio) * joint.rows, joint.length),
      }),
    );
  }
  rows.push(
    ...await contest(bench, {
      works: { [`noise model, ${shape(noiseModel)}, full vocabulary`]: { kind: "noise-model" } },
      stepsFile: writeStepOfShape(bench, "noise-model", noiseModel),
      peer: { kind: "noise-model" },
      goals: goals.step,
      operations: languageModelOperations(config, noiseModel.rows, noiseModel.length),
    }),
  );
  return rows;
}

async function real(bench: Bench): Promise<string[][]> {
  const { checkpoint, settings: { crossEntropy, joint, noiseRatios } } = bench;
  const { vocabularySize } = await readConfig(checkpoint);
  const splits = await readReviews(bench);
  const rows: string[][] = [];
  const measure = async (name: string, work: TrainingWork, steps: RealSteps) => {
    rows.push(
      ...await contest(bench, {
        works: { [name]: { ...work, vocabularySize: steps.vocabularySize } },
        stepsFile: writeRunFile(bench, "real-ours", steps.ours),
        peer: { ...work, vocabularySize },
        peerStepsFile: writeRunFile(bench, "real-theirs", steps.theirs),
        goals: goals.real,
      }),
    );
  };
  await measure(
    `cross-entropy, ${crossEntropy.rows} reviews`,
    classifier("baseline"),
    await classifierSteps(bench, splits, crossEntropy.rows, 1),
  );
  for (const noiseRatio of noiseRatios) {
    await measure(
      `joint, ${joint.rows} reviews, K = ${noiseRatio}, hidden`,
      classifier("hidden", noiseRatio),
      await classifierSteps(bench, splits, joint.rows, 2 + noiseRatio),
    );
  }
  return rows;
}

/** A model and how it is trained; the encoder's sizes and the precision are added when it is measured. */
type TrainingWork =
  & (
    | { readonly kind: "classifier"; readonly variant: Variant; readonly noiseRatio: number }
    | { readonly kind: "noise-model" }
  )
  & { readonly vocabularySize?: number };

function classifier(variant: Variant, noiseRatio = 1): TrainingWork {
  return { kind: "classifier", variant, noiseRatio };
}

interface StepContest {
  /** Calibrant's works by name. */
  readonly works: Readonly<Record<string, TrainingWork>>;
  readonly stepsFile: string;
  /** PyTorch's work. */
  readonly peer: TrainingWork;
  /** Path of PyTorch's steps, where they are others than Calibrant's. */
  readonly peerStepsFile?: string;
  readonly goals: Goals;
  /** Floating-point operations of a step, where all works have the same number. */
  readonly operations?: number;
}

async function contest(
  bench: Bench,
  { works, stepsFile, peer, peerStepsFile = stepsFile, goals, operations }: StepContest,
): Promise<string[][]> {
  const { peers, settings: { precisions, pace } } = bench;
  const sized = (
    { vocabularySize = bench.config.vocabularySize, ...work }: TrainingWork,
    precision: Precision,
  ) => ({ ...work, config: { ...bench.config, vocabularySize }, precision });
  const command = (work: TrainingWork) => (precision: Precision) =>
    workCommand(bench, sized(work, precision), stepsFile);
  const results = await hold({
    ours: Object.fromEntries(Object.entries(works).map(([name, work]) => [name, command(work)])),
    ourPrecisions: precisions,
    peer: peers ? (precision) => torchCommand(sized(peer, precision), peerStepsFile) : undefined,
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

/** GFLOP/s of Calibrant's matrix products in each precision. */
function rates({ ours }: Result, operations: number): string {
  return [ours.float32, ours.bfloat16]
    .map((measured) => measured ? count(operations / stepTime(measured) / 1e6) : "–").join(" · ");
}
