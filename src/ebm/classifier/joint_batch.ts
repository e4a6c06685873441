import type { TransformerConfig } from "../../nn/config.ts";
import { packParts, vector } from "../../nn/packing.ts";
import { type BatchSize, batchSize, type Sequence } from "../../nn/sequence.ts";
import type { Feed } from "../../runtime/session.ts";

/** A text as the classifier reads it, with its class. */
export interface LabelledSequence extends Sequence {
  readonly label: number;
}

/** The feeds and the size of a training step's batch, or of one turn's share of it. */
export interface JointBatch extends BatchSize {
  readonly feeds: Record<string, Feed>;
}

/** A text as the classifier reads it, with its class where it has one. */
export interface ContrastSequence extends Sequence {
  readonly label?: number | undefined;
}

/**
 * The texts that noise-contrastive estimation tells apart: texts of the data, and K times as many noise
 * texts.
 */
export interface Contrast {
  readonly data: readonly ContrastSequence[];
  readonly noise: readonly ContrastSequence[];
  /** The texts whose classes the energy is told; all of them have one. */
  readonly told?: readonly ("data" | "noise")[];
}

/**
 * Packs one batch for the joint loss: the labelled texts for the classes' loss and, where there is an energy,
 * the texts to tell apart. The encoder reads all of them together, or in `parts` side by side.
 */
export function jointBatch(
  { firstPosition }: TransformerConfig,
  labelled: readonly LabelledSequence[],
  parts: number,
  contrast?: Contrast | undefined,
): JointBatch {
  const { data, noise } = contrast ?? { data: [], noise: [] };
  const sequences = [...labelled, ...data, ...noise];
  const packed = packParts(sequences, firstPosition, parts);
  const position = new Map(packed.order.map((row, index) => [row, index]));
  const rows = (start: number, { length }: readonly Sequence[]) =>
    vector(Array.from({ length }, (_, row) => position.get(start + row)!));
  const labels = vector(labelled.map(({ label }) => label));
  const classFeeds = { ...packed.feeds, labels, classRows: rows(0, labelled) };
  const toldLabels = (contrast?.told ?? []).map((kind) =>
    [`${kind}Labels`, vector(contrast![kind].map(({ label }) => label!))] as const
  );
  const contrastFeeds = {
    dataRows: rows(labelled.length, data),
    noiseRows: rows(labelled.length + data.length, noise),
    ...Object.fromEntries(toldLabels),
  };
  return {
    feeds: contrast ? { ...classFeeds, ...contrastFeeds } : classFeeds,
    ...batchSize(sequences),
  };
}

/**
 * Splits a joint batch into turns of equal size, each with the same number of texts of each kind, and packs
 * each of them.
 */
export function jointTurns(
  config: TransformerConfig,
  labelled: readonly LabelledSequence[],
  parts: number,
  turns: number,
  contrast?: Contrast | undefined,
): readonly JointBatch[] {
  return Array.from({ length: turns }, (_, turn) => {
    const share = <Text>(texts: readonly Text[]) =>
      texts.slice(turn * texts.length / turns, (turn + 1) * texts.length / turns);
    const own = contrast && { ...contrast, data: share(contrast.data), noise: share(contrast.noise) };
    return jointBatch(config, share(labelled), parts, own);
  });
}
