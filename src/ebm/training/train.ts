import type { Program } from "../../graph/program.ts";
import type { Weight } from "../../nn/checkpoint.ts";
import { measurePeak } from "../../runtime/peak.ts";
import { type StepFigures, type StepRecord, type StepWork, trainingLog } from "./log.ts";
import { learningRate, type Rate, type Schedule } from "./schedule.ts";
import { startOrResume, type TrainedModel } from "./state.ts";

/** A method of training: what a step leaves to chance, and what it does. */
export interface TrainingMethod<Draw> {
  /**
   * Draws all that the next step leaves to chance, and does nothing else: a training that goes on after an interruption draws again for
   * the steps that are done.
   */
  draw(): Draw;
  /** Takes an optimizer step in the session, and reports on it. */
  step(drawn: Draw, rate: Rate): StepReport;
}

/** The figures of a step for the log, and the work that it took. */
export interface StepReport {
  readonly figures: StepFigures;
  readonly work: StepWork;
}

/** A value that a method carries from step to step beside the model, such as a table that it measures now and then. */
export interface Carried {
  /** It is saved with the model, so JSON must be able to hold it, and set before the first step of a training that goes on. */
  latest: unknown;
}

/** The part of a stage's context that training needs. */
export interface TrainingContext {
  readonly scratch: string;
  /** The folder in which an attempt leaves its state to the next. */
  readonly checkpoint: string;
  readonly threads: number;
  log(line: string): void;
  progress(done: number, total: number, text: string): void;
}

export interface TrainOptions<Draw, Evaluation extends object> extends TrainingMethod<Draw> {
  readonly context: TrainingContext;
  readonly model: TrainedModel & { readonly program: Pick<Program, "precision" | "parts"> };
  readonly schedule: Schedule;
  /** Reads or makes the weights to start from. Their memory is freed once the session has them. */
  initialWeights(): Promise<ReadonlyMap<string, Weight>>;
  /** Evaluates the model after a step; undefined after a step that isn't evaluated. */
  evaluate?(step: number): Evaluation | undefined;
  readonly carried?: Carried | undefined;
}

/** The course of a whole training. */
export interface Trained<Evaluation extends object> {
  /** The figures of each step. */
  readonly records: readonly StepRecord[];
  readonly evaluations: readonly ({ readonly step: number } & Evaluation)[];
}

/** How far a training is, beside its weights and the optimizer's state. */
interface Progress<Evaluation extends object> extends Trained<Evaluation> {
  /** The last step that is done; 0 before the first. */
  readonly step: number;
  readonly carried?: unknown;
}

/**
 * Trains a model in its session, from its initial weights or from where an attempt before was interrupted. Either way it ends with the same
 * bits. Throws InputError where a figure isn't finite or the loss explodes.
 */
export async function train<Draw, Evaluation extends object>(
  options: TrainOptions<Draw, Evaluation>,
): Promise<Trained<Evaluation>> {
  const { context, model, schedule, initialWeights, draw, step: takeStep, evaluate, carried } = options;

  // Start anew, or go on with what an attempt before has saved.
  const nothing: Progress<Evaluation> = { step: 0, records: [], evaluations: [] };
  const state = { model, folder: context.checkpoint, initialWeights, nothing, log: context.log };
  const { done, save } = await startOrResume(state);
  if (carried) carried.latest = done.carried;
  const evaluations = [...done.evaluations];
  const peak = await measurePeak(model.program, context);
  const log = trainingLog({ records: done.records, steps: schedule.steps, peak, progress: context.progress });

  for (let step = 1; step <= schedule.steps; step++) {
    // Random streams aren't saved: drawing alone leads them to where they were.
    const drawn = draw();
    if (step <= done.step) continue;

    const { figures, work } = takeStep(drawn, { step, learningRate: learningRate(schedule, step) });
    log.add({ step, ...figures }, work);

    const evaluation = evaluate?.(step);
    if (evaluation) evaluations.push({ step, ...evaluation });

    await save({ step, records: log.records, evaluations, carried: carried?.latest });
  }
  return { records: log.records, evaluations };
}
