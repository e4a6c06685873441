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

export interface TrainingState<Progress> {
  /** The progress that an attempt before saved; the session is as it was then. */
  readonly done: Progress;
  /** Saves the session's state and this progress, about twice a minute. */
  save(progress: Progress): Promise<void>;
}

export interface TrainingStateOptions<Progress> {
  readonly model: TrainedModel;
  /** The folder in which an attempt leaves its state to the next. */
  readonly folder: string;
  /** Reads or makes the weights to start from where none were saved; their memory is freed. */
  initialWeights(): Promise<ReadonlyMap<string, Weight>>;
  /** The progress before the first step. */
  readonly nothing: Progress;
  log(line: string): void;
}

/** Starts training in a session from these weights, whose memory is freed. */
export function startFrom(
  session: Pick<Session<"assign" | "reset">, "run">,
  weights: ReadonlyMap<string, Weight>,
): void {
  session.run("assign", weightFeeds(weights));
  session.run("reset");
  free(weights.values());
}

/** Starts training in a session, or puts it back to where an attempt before saved last. */
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
    log(`goes on after step ${progress.step}`);
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
