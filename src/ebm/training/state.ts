import type { Variable } from "../../graph/graph.ts";
import type { MomentSignature } from "../../graph/training_step.ts";
import type { Weights } from "../../graph/weights.ts";
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
  /** The weights of the best step so far that an earlier attempt saved; undefined where it saved none. */
  readonly best: Weights | undefined;
  /**
   * Saves this progress, the session's state and the weights of the best step so far, where there are some,
   * unless that was done less than half a minute ago.
   */
  save(progress: Progress, best: Weights | undefined): Promise<void>;
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

/** Names a weight of the best step among the tensors of a saved state. */
const bestName = (name: string) => `best/${name}`;

/** Gives a session the weights to start training from, or the state that an earlier attempt saved last. */
export async function startOrResume<Progress extends { readonly step: number }>(
  { model, folder, initialWeights, nothing, log }: TrainingStateOptions<Progress>,
): Promise<TrainingState<Progress>> {
  const { session, variables, moments } = model;
  const saved = await openSavedState<Progress>(folder, log);
  let best: Weights | undefined;
  if (saved.found) {
    const { tensors, progress } = saved.found;
    const values = (wanted: readonly Variable[]) =>
      weightFeeds(new Map(wanted.map(({ name }) => [name, tensors.get(name)!])));
    session.run("assign", values(variables));
    session.run("assignMoments", values(moments));
    if (tensors.has(bestName(variables[0].name))) {
      best = new Map(variables.map(({ name }) => [name, copyOf(tensors.get(bestName(name))!)]));
    }
    free(tensors.values());
    log(`resumes after step ${progress.step}`);
  } else {
    startFrom(session, await initialWeights());
  }
  const tensors = (best: Weights | undefined) =>
    new Map([
      ...fetchedWeights(session.run("read"), variables),
      ...fetchedWeights(session.run("readMoments"), moments),
      // Copies, because the tensors of a state are freed when it is saved.
      ...Array.from(best ?? [], ([name, weight]) => [bestName(name), copyOf(weight)] as const),
    ]);
  return {
    done: saved.found?.progress ?? nothing,
    best,
    save: (progress, best) => saved.save(() => ({ progress, tensors: tensors(best) })),
  };
}

function copyOf({ shape, data }: Weight): Weight {
  return { shape, data: data.slice() };
}
