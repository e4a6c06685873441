import { mkdir } from "node:fs/promises";
import type { Sequence } from "../../nn/sequence.ts";
import type { RandomStream } from "../../random.ts";
import { openSavedState } from "../training/saved_state.ts";
import type { Sample } from "./sampling.ts";

/** How masked texts are completed. */
export interface Completion {
  /** Masks a text. */
  prompt(text: Sequence, masks: RandomStream): Sequence;
  /** Completes the masked texts of a batch. */
  draw(prompts: readonly Sequence[], draws: RandomStream): readonly Sample[];
  /** Draws the random numbers that `draw` drew for these samples, and does nothing else. */
  drawAgain(samples: readonly Sample[], draws: RandomStream): void;
  /** The number of texts that are completed at a time. */
  readonly batchSize: number;
}

/** What the texts of a block are completed with. */
export interface BlockOptions {
  readonly masks: RandomStream;
  readonly draws: RandomStream;
  readonly batches: SampledBatches;
  /** Called after each batch with the number of its texts. */
  progress(texts: number): void;
}

/**
 * Masks each text of a block afresh and completes it.
 *
 * @returns the samples, in the order of the texts.
 */
export async function completeTexts(
  texts: readonly Sequence[],
  { prompt, draw, drawAgain, batchSize }: Completion,
  { masks, draws, batches, progress }: BlockOptions,
): Promise<Sample[]> {
  const completed = texts.map((): Sample => undefined);
  // Texts of a length are completed together, so that a batch ends at about the same time.
  const order = [...texts.keys()].sort((a, b) => texts[a].ids.length - texts[b].ids.length || a - b);
  for (let start = 0; start < order.length; start += batchSize) {
    const batch = order.slice(start, start + batchSize);
    const prompts = batch.map((index) => prompt(texts[index], masks));
    const samples = await batches.next({
      draw: () => draw(prompts, draws),
      drawAgain: (found) => drawAgain(found, draws),
    });
    for (const [row, sample] of samples.entries()) completed[batch[row]] = sample;
    progress(batch.length);
  }
  await batches.finish();
  return completed;
}

/** The batches of samples of a block, of which the first are those that an earlier attempt saved. */
export interface SampledBatches {
  /**
   * Returns the next batch: the saved one, after its random numbers are drawn again, or one that is drawn now
   * and saved.
   */
  next(batch: {
    draw(): readonly Sample[];
    drawAgain(found: readonly Sample[]): void;
  }): Promise<readonly Sample[]>;
  /** Saves what is drawn, if it isn't saved yet, so that the whole block needn't be drawn again. */
  finish(): Promise<void>;
}

/** How far sampling is: the samples of each batch that is done. */
interface SamplingProgress {
  readonly batches: readonly (readonly Sample[])[];
}

/** Opens the batches that earlier attempts at a block left in its folder, which is made where it is missing. */
export async function openSampledBatches(
  folder: string,
  log: (line: string) => void,
): Promise<SampledBatches> {
  await mkdir(folder, { recursive: true });
  const state = await openSavedState<SamplingProgress>(folder, log);
  const saved = state.found?.progress.batches ?? [];
  if (state.found) log(`resumes after text ${saved.flat().length}`);
  const batches: (readonly Sample[])[] = [];
  const current = () => ({ progress: { batches }, tensors: new Map() });
  return {
    async next({ draw, drawAgain }) {
      const found = saved[batches.length];
      if (found) drawAgain(found);
      const batch = found ?? draw();
      batches.push(batch);
      if (!found) await state.save(current);
      return batch;
    },
    async finish() {
      if (batches.length > saved.length) await state.saveNow(current);
    },
  };
}
