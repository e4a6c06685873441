import type { Program } from "../../graph/program.ts";
import type { Weights } from "../../graph/weights.ts";
import type { Weight } from "../../nn/checkpoint.ts";
import { measurePeak } from "../../runtime/peak.ts";
import { checkFinite, type StepFigures, type StepRecord, type StepWork, trainingLog } from "./log.ts";
import { learningRate, type Rate, type Schedule } from "./schedule.ts";
import {
  bestOf,
  type Evaluated,
  type EvaluationFigures,
  hasStalled,
  type Kept,
  keptOf,
  type Selection,
} from "./selection.ts";
import { startOrResume, type TrainedModel } from "./state.ts";
import { fetchedWeights, free, weightFeeds } from "./weights.ts";

/** A method of training: the random choices of a step, and what the step does with them. */
export interface TrainingMethod<Draw> {
  /**
   * Draws the random choices of the next step, and does nothing else, since a resumed training draws again
   * for the steps that are done and skips the rest of them.
   */
  draw(): Draw;
  /** Takes an optimizer step in the session, and reports its figures and its work. */
  step(drawn: Draw, rate: Rate): StepReport;
}

/** A step's figures for the log, and the work that it took. */
export interface StepReport {
  readonly figures: StepFigures;
  readonly work: StepWork;
}

/**
 * A value that a method carries from step to step beside the model, such as a table that is measured now and
 * then.
 */
export interface Carried {
  /** Saved with the model, so JSON must be able to hold it; a resumed training finds it as it was. */
  latest: unknown;
}

/** The part of a stage's context that training needs. */
export interface TrainingContext {
  readonly scratch: string;
  /** The folder in which attempts leave their state to the next. */
  readonly checkpoint: string;
  readonly threads: number;
  log(line: string): void;
  progress(done: number, total: number, text: string): void;
}

/** The ingredients of a training. */
export interface TrainOptions<Draw, Evaluation extends EvaluationFigures> extends TrainingMethod<Draw> {
  readonly context: TrainingContext;
  readonly model: TrainedModel & { readonly program: Pick<Program, "precision" | "parts"> };
  readonly schedule: Schedule;
  /**
   * Makes the weights to start from. It is called only where training starts anew, and their memory is freed.
   */
  initialWeights(): Promise<ReadonlyMap<string, Weight>>;
  /** Evaluates the model after a step; returns undefined where no evaluation is due. */
  evaluate?(step: number): Evaluation | undefined;
  /** Which evaluated step is kept, and when training stops early; the last of all steps unless given. */
  readonly selection?: Selection<keyof Evaluation & string> | undefined;
  readonly carried?: Carried | undefined;
}

/** The figures of a whole training. */
export interface Trained<Evaluation extends EvaluationFigures> {
  readonly records: readonly StepRecord[];
  readonly evaluations: readonly Evaluated<Evaluation>[];
  /** The step whose weights the session ends with. */
  readonly kept: Kept;
  /** The best step and its weights, where both that and the last were to be kept. */
  readonly best?: { readonly kept: Kept; readonly weights: Weights };
}

/** How far a training is, beside the weights and the optimizer's state, which the session holds. */
interface Progress<Evaluation extends EvaluationFigures> extends Omit<Trained<Evaluation>, "kept" | "best"> {
  /** The last step that is done; 0 before the first. */
  readonly step: number;
  readonly carried?: unknown;
}

/**
 * Trains a model in its session, which ends with the weights of the step that is kept. A training that was
 * interrupted resumes where it last saved its state, and ends with the same bits as one that wasn't. Throws
 * InputError where a figure isn't finite or the loss explodes.
 */
export async function train<Draw, Evaluation extends EvaluationFigures>(
  options: TrainOptions<Draw, Evaluation>,
): Promise<Trained<Evaluation>> {
  const { context, model, schedule, initialWeights, draw, step: takeStep, evaluate, carried } = options;
  const { selection } = options;

  // Start from the initial weights, or resume from the state that an earlier attempt saved.
  const nothing: Progress<Evaluation> = { step: 0, records: [], evaluations: [] };
  const state = { model, folder: context.checkpoint, initialWeights, nothing, log: context.log };
  const { done, save, ...saved } = await startOrResume(state);
  if (carried) carried.latest = done.carried;
  const evaluations = [...done.evaluations];
  let { best } = saved;
  const keepsBest = selection !== undefined && selection.keep !== "last";
  const hasStopped = () => selection !== undefined && hasStalled(evaluations, selection);
  const peak = await measurePeak(model.program, context);
  const log = trainingLog({ records: done.records, steps: schedule.steps, peak, progress: context.progress });

  for (let step = 1; step <= schedule.steps && !hasStopped(); step++) {
    const drawn = draw();
    if (step <= done.step) continue; // random streams aren't saved: drawing leads them to where they were

    const { figures, work } = takeStep(drawn, { step, learningRate: learningRate(schedule, step) });
    log.add({ step, ...figures }, work);

    const evaluation = evaluate?.(step);
    if (evaluation) {
      checkFinite({ step, ...evaluation });
      evaluations.push({ step, ...evaluation });
      if (keepsBest && bestOf(evaluations, selection) === evaluations.length - 1) {
        free(best?.values() ?? []);
        best = fetchedWeights(model.session.run("read"), model.variables);
      }
    }

    await save({ step, records: log.records, evaluations, carried: carried?.latest }, best);
  }

  const { length: lastStep } = log.records;
  const trained = {
    records: log.records,
    evaluations,
    kept: keptOf(evaluations, lastStep, schedule.steps, selection),
  };
  if (!selection || !best) return trained;
  if (selection.keep === "both") {
    const kept = keptOf(evaluations, lastStep, schedule.steps, { ...selection, keep: "best" });
    return { ...trained, best: { kept, weights: best } };
  }
  model.session.run("assign", weightFeeds(best));
  free(best.values());
  return trained;
}
