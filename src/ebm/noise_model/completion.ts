import type { RandomStream } from "../../random.ts";
import type { Session } from "../../runtime/session.ts";
import { openSavedState } from "../training/saved_state.ts";
import { type NoiseSequenceOptions, prompt } from "./objective.ts";
import type { SamplerSignature } from "./sampler.ts";
import { drawAgain, type Sample, sampleBatch, type SampleOptions } from "./sampling.ts";

/** The ingredients of completing masked texts. */
export interface CompletionOptions {
  readonly session: Pick<Session<SamplerSignature>, "run">;
  /** How the noise model's training sequences were made. */
  readonly sequence: NoiseSequenceOptions;
  readonly sampling: SampleOptions;
  /** The number of texts that are completed at a time. */
  readonly batchSize: number;
  readonly masks: RandomStream;
  readonly draws: RandomStream;
  readonly batches: SampledBatches;
  /** Called after each batch with the number of its texts. */
  progress(texts: number): void;
}

/**
 * Masks each text afresh and lets the noise model complete it.
 *
 * @param texts Ids of the noise model's vocabulary.
 * @returns the samples, in the order of the texts.
 */
export async function completeTexts(
  texts: readonly (readonly number[])[],
  { session, sequence, sampling, batchSize, masks, draws, batches, progress }: CompletionOptions,
): Promise<Sample[]> {
  const completed = texts.map((): Sample => undefined);
  // Texts of a length are completed together, so that a batch ends at about the same time.
  const order = [...texts.keys()].sort((a, b) => texts[a].length - texts[b].length || a - b);
  for (let start = 0; start < order.length; start += batchSize) {
    const batch = order.slice(start, start + batchSize);
    const prompts = batch.map((index) => prompt(texts[index], sequence, masks));
    const samples = await batches.next({
      draw: () => sampleBatch(session, prompts, sampling, draws),
      drawAgain: (found) => drawAgain(found, sampling, draws),
    });
    for (const [row, sample] of samples.entries()) completed[batch[row]] = sample;
    progress(batch.length);
  }
  return completed;
}

/** A sequence of batches of samples, of which the first are those that an earlier attempt saved. */
export interface SampledBatches {
  /**
   * Returns the next batch: the saved one, after its random numbers are drawn again, or one that is drawn now
   * and saved.
   */
  next(batch: {
    draw(): readonly Sample[];
    drawAgain(found: readonly Sample[]): void;
  }): Promise<readonly Sample[]>;
}

/** How far sampling is: the samples of each batch that is done. */
interface SamplingProgress {
  readonly batches: readonly (readonly Sample[])[];
}

/** Opens the batches that earlier attempts at a stage left in its checkpoint folder. */
export async function openSampledBatches(
  folder: string,
  log: (line: string) => void,
): Promise<SampledBatches> {
  const state = await openSavedState<SamplingProgress>(folder, log);
  const saved = state.found?.progress.batches ?? [];
  if (state.found) log(`resumes after text ${saved.flat().length}`);
  const batches: (readonly Sample[])[] = [];
  return {
    async next({ draw, drawAgain }) {
      const found = saved[batches.length];
      if (found) drawAgain(found);
      const batch = found ?? draw();
      batches.push(batch);
      if (!found) await state.save(() => ({ progress: { batches }, tensors: new Map() }));
      return batch;
    },
  };
}
