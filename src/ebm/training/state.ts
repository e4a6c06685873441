import type { Variable } from "../../graph/graph.ts";
import type { MomentSignature } from "../../graph/training_step.ts";
import type { Weight } from "../../nn/checkpoint.ts";
import type { Session } from "../../runtime/session.ts";
import { openSavedState } from "./saved_state.ts";
import type { StepRecord } from "./log.ts";
import { fetchedWeights, free, weightFeeds } from "./weights.ts";

/** How far a training run is, beside its weights and the optimizer's moments. */
export interface TrainingProgress {
  /** The last step that is done; 0 before the first. */
  readonly step: number;
  /** What each of these steps reported. */
  readonly records: readonly StepRecord[];
}

export interface TrainingState<Progress> {
  /** What is done already; the session is as it was then. */
  readonly done: Progress;
  /** Saves the session's state and this progress, about twice a minute. */
  save(progress: Progress): Promise<void>;
}

export interface TrainingStateOptions<Progress> {
  readonly session: Pick<Session<"assign" | "read" | MomentSignature>, "run">;
  readonly variables: readonly Variable[];
  readonly moments: readonly Variable[];
  /** Where an attempt leaves its state to the next. */
  readonly folder: string;
  /** The weights to start from where none was left; their memory is freed. */
  start(): Promise<ReadonlyMap<string, Weight>>;
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

/**
 * Starts training in a session, or goes on where an attempt before saved last. The streams of random numbers aren't saved: who
 * goes on draws again what the steps that are done drew.
 */
export async function startOrResume<Progress extends TrainingProgress>(
  { session, variables, moments, folder, start, nothing, log }: TrainingStateOptions<Progress>,
): Promise<TrainingState<Progress>> {
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
    startFrom(session, await start());
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
