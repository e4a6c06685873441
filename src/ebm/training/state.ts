import type { Variable } from "../../graph/graph.ts";
import type { MomentSignature } from "../../graph/training_step.ts";
import type { Weight } from "../../nn/checkpoint.ts";
import type { Session } from "../../runtime/session.ts";
import { openSavedState } from "./saved_state.ts";
import { fetchedWeights, free, weightFeeds } from "./weights.ts";

/** A model in the session that trains it. */
export interface TrainedModel {
  readonly session: Pick<Session<"assign" | "read" | MomentSignature>, "run">;
  readonly variables: readonly Variable[];
  /** The optimizer's state. */
  readonly moments: readonly Variable[];
}

/** How far a training is, and how it saves that. */
export interface TrainingState<Progress> {
  /** The progress that an earlier attempt saved, or `nothing`. The session is as it was then. */
  readonly done: Progress;
  /** Saves this progress and the session's state, unless that was done less than half a minute ago. */
  save(progress: Progress): Promise<void>;
}

/** The model that is trained, and where its training starts. */
export interface TrainingStateOptions<Progress> {
  readonly model: TrainedModel;
  /** The folder in which attempts leave their state to the next. */
  readonly folder: string;
  /**
   * Makes the weights to start from. It is called only where no state was saved, and their memory is freed.
   */
  initialWeights(): Promise<ReadonlyMap<string, Weight>>;
  /** The progress before the first step. */
  readonly nothing: Progress;
  log(line: string): void;
}

/**
 * Gives a session the weights to start training from, resets its optimizer, and frees the weights' memory.
 */
export function startFrom(
  session: Pick<Session<"assign" | "reset">, "run">,
  weights: ReadonlyMap<string, Weight>,
): void {
  session.run("assign", weightFeeds(weights));
  session.run("reset");
  free(weights.values());
}

/** Gives a session the weights to start training from, or the state that an earlier attempt saved last. */
export async function startOrResume<Progress extends { readonly step: number }>(
  { model, folder, initialWeights, nothing, log }: TrainingStateOptions<Progress>,
): Promise<TrainingState<Progress>> {
  const { session, variables, moments } = model;
  const saved = await openSavedState<Progress>(folder, log);
  if (saved.found) {
    const { tensors, progress } = saved.found;
    const values = (wanted: readonly Variable[]) =>
      weightFeeds(new Map(wanted.map(({ name }) => [name, tensors.get(name)!])));
    session.run("assign", values(variables));
    session.run("assignMoments", values(moments));
    free(tensors.values());
    log(`resumes after step ${progress.step}`);
  } else {
    startFrom(session, await initialWeights());
  }
  const tensors = () =>
    new Map([
      ...fetchedWeights(session.run("read"), variables),
      ...fetchedWeights(session.run("readMoments"), moments),
    ]);
  return {
    done: saved.found?.progress ?? nothing,
    save: (progress) => saved.save(() => ({ progress, tensors: tensors() })),
  };
}
