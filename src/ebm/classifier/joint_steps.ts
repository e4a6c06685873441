import { globalNorm } from "../../graph/adamw.ts";
import { gradients } from "../../graph/gradient.ts";
import { addToSums, gradientSums, valuesOf } from "../../graph/gradient_sums.ts";
import type { Graph, Tensor, Variable } from "../../graph/graph.ts";
import { type Signature, zeroing } from "../../graph/program.ts";
import { type MomentSignature, trainingStep, type TrainingStepOptions } from "../../graph/training_step.ts";
import type { Feed } from "../../runtime/feeds.ts";
import type { Session } from "../../runtime/session.ts";

/** What is trained on. */
export interface Objective {
  /** A scalar, as are its terms. */
  readonly total: Tensor;
  readonly terms: Readonly<Record<string, Tensor>>;
  /** What else a step fetches, a value for each of some rows. */
  readonly ofRows: Readonly<Record<string, Tensor>>;
  readonly feeds: Readonly<Record<string, Tensor>>;
}

/** The part of a program that trains. */
export interface Training {
  readonly signatures:
    & Readonly<Record<"train" | MomentSignature, Signature>>
    & Readonly<Record<string, Signature>>;
  readonly moments: readonly Variable[];
  readonly trainer: Trainer;
}

/** Trains in a session of the program, given the feeds of each turn on a batch. */
export interface Trainer {
  /** Takes a step. */
  train(session: Running, turns: readonly Feeds[], rate: Rate): StepValues;
  /** The norm of each term's gradient, before clipping. */
  inspect(session: Running, turns: readonly Feeds[]): Record<string, number>;
}

type Running = Pick<Session<string>, "run">;
type Feeds = Readonly<Record<string, Feed>>;

export interface Rate {
  readonly learningRate: number;
  /** From 1. */
  readonly step: number;
}

/** What a step fetched, by name: a value for each turn, or for each of some rows. */
export type StepValues = (name: string) => Float32Array;

/**
 * How many turns a step is to take on a batch: as many as leave each about as many texts as a step has with one noise sample a text, or
 * fewer, if each is to have as many texts of each kind.
 */
export function turnsOf(batchSize: number, noiseRatio: number): number {
  let turns = Math.ceil((2 + noiseRatio) / 3);
  while (batchSize % turns !== 0) turns--;
  return turns;
}

/** Steps that compute a batch at once. */
export function wholeSteps(
  { total, terms, ofRows, feeds }: Objective,
  variables: readonly Variable[],
  options: TrainingStepOptions,
): Training {
  const { norm, updates, moments, inputs, signatures } = trainingStep(gradients(total, variables), options);
  const norms = Object.entries(terms).map(([name, term]) => {
    return [name, globalNorm(gradients(term, variables))] as const;
  });
  return {
    signatures: {
      ...signatures,
      train: {
        inputs: { ...feeds, ...inputs },
        outputs: { loss: total, norm, ...terms, ...ofRows },
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
 * Steps that take turns on a batch, one after the other, and add up gradients, so that memory holds what one turn computes. All turns
 * have as many rows of each kind: the mean of their losses is the batch's.
 */
export function stepsInTurns(
  graph: Graph,
  { total, terms, ofRows, feeds }: Objective,
  variables: readonly Variable[],
  options: TrainingStepOptions,
  turns: number,
): Training {
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
        outputs: { loss: total, ...terms, ...ofRows },
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
