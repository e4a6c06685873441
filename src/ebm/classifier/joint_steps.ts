import { globalNorm } from "../../graph/adamw.ts";
import { gradients } from "../../graph/gradient.ts";
import { addToSums, gradientSums, valuesOf } from "../../graph/gradient_sums.ts";
import type { Graph, Tensor, Variable } from "../../graph/graph.ts";
import { type Signature, zeroing } from "../../graph/program.ts";
import { type MomentSignature, trainingStep, type TrainingStepOptions } from "../../graph/training_step.ts";
import type { Feed } from "../../runtime/feeds.ts";
import type { Session } from "../../runtime/session.ts";
import type { Rate } from "../training/schedule.ts";

/**
 * The loss that a training step minimises, with the placeholders it needs and the values that the log shows.
 */
export interface TrainingLoss {
  /** The loss itself, a scalar. */
  readonly total: Tensor;
  /** The loss's terms by their names in the log; all scalars. */
  readonly terms: Readonly<Record<string, Tensor>>;
  /** Values of single rows, such as energies, which the log summarises. */
  readonly perRow: Readonly<Record<string, Tensor>>;
  readonly feeds: Readonly<Record<string, Tensor>>;
}

/**
 * The part of a program that trains: its signatures, the optimizer's state, and the trainer that runs them.
 */
export interface JointSteps {
  readonly signatures:
    & Readonly<Record<"train" | MomentSignature, Signature>>
    & Readonly<Record<string, Signature>>;
  readonly moments: readonly Variable[];
  readonly trainer: Trainer;
}

/**
 * A trainer runs a step's signatures in a session of the program, given the feeds of each turn on the batch.
 */
export interface Trainer {
  /** Takes one optimizer step. */
  train(session: Running, turns: readonly Feeds[], rate: Rate): StepValues;
  /** Returns the norm of each term's gradient before clipping, and trains nothing. */
  inspect(session: Running, turns: readonly Feeds[]): Record<string, number>;
}

type Running = Pick<Session<string>, "run">;
type Feeds = Readonly<Record<string, Feed>>;

/** Looks up the values that a step fetched under a name: one for each turn, or one for each row. */
export type StepValues = (name: string) => Float32Array;

/**
 * Returns the number of turns in which a step computes its batch, one after the other, so that K doesn't
 * raise the memory it takes: each turn has about as many texts as a whole step with K = 1. There are fewer
 * turns where a batch can't be split evenly into that many.
 */
export function turnsOf(batchSize: number, noiseRatio: number): number {
  let turns = Math.ceil((2 + noiseRatio) / 3);
  while (batchSize % turns !== 0) turns--;
  return turns;
}

/** Makes steps that compute a batch as a whole. */
export function wholeSteps(
  { total, terms, perRow, feeds }: TrainingLoss,
  variables: readonly Variable[],
  options: TrainingStepOptions,
): JointSteps {
  const { norm, updates, moments, inputs, signatures } = trainingStep(gradients(total, variables), options);
  const norms = Object.entries(terms).map(([name, term]) => {
    return [name, globalNorm(gradients(term, variables))] as const;
  });
  return {
    signatures: {
      ...signatures,
      train: {
        inputs: { ...feeds, ...inputs },
        outputs: { loss: total, norm, ...terms, ...perRow },
        updates,
      },
      inspect: { inputs: feeds, outputs: Object.fromEntries(norms) },
    },
    moments,
    trainer: {
      train: (session, [whole], rate) => session.run("train", { ...whole, ...rate }).floats,
      inspect(session, [whole]) {
        const { floats } = session.run("inspect", whole);
        return Object.fromEntries(Object.keys(terms).map((name) => [name, floats(name)[0]]));
      },
    },
  };
}

/**
 * Makes steps that compute a batch in turns, one after the other, and add up their gradients, so that memory
 * holds what one turn computes. Turns have equal numbers of rows of each kind, so the mean of their losses is
 * the batch's loss.
 */
export function stepsInTurns(
  graph: Graph,
  { total, terms, perRow, feeds }: TrainingLoss,
  variables: readonly Variable[],
  options: TrainingStepOptions,
  turns: number,
): JointSteps {
  const slopes = gradients(total, variables);
  const sums = gradientSums(graph, slopes.keys());
  const { norm, updates, moments, inputs, signatures } = trainingStep(valuesOf(sums), options, turns);
  const ofTerms = Object.entries(terms).map(([name, term]) => [`accumulate/${name}`, {
    inputs: feeds,
    outputs: { [name]: term },
    updates: addToSums(sums, gradients(term, variables)),
  }]);
  return {
    signatures: {
      ...signatures,
      clear: zeroing(graph, sums.values()),
      accumulate: {
        inputs: feeds,
        outputs: { loss: total, ...terms, ...perRow },
        updates: addToSums(sums, slopes),
      },
      ...Object.fromEntries(ofTerms),
      train: { inputs, outputs: { norm }, updates },
      norm: { inputs: {}, outputs: { norm } },
    },
    moments,
    trainer: {
      train(session, feedsOfTurns, rate) {
        session.run("clear");
        const fetched = feedsOfTurns.map((turn) => session.run("accumulate", turn));
        const step = session.run("train", { ...rate });
        return (name) =>
          name === "norm" ? step.floats(name) : joined(fetched.map(({ floats }) => floats(name)));
      },
      inspect(session, feedsOfTurns) {
        const norms = Object.keys(terms).map((name) => {
          session.run("clear");
          for (const turn of feedsOfTurns) session.run(`accumulate/${name}`, turn);
          return [name, session.run("norm").floats("norm")[0]];
        });
        return Object.fromEntries(norms);
      },
    },
  };
}

function joined(values: readonly Float32Array[]): Float32Array {
  return Float32Array.from(values.flatMap((each) => [...each]));
}
