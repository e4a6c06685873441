import type { TransformerConfig } from "../../nn/config.ts";
import { packParts, vector } from "../../nn/packing.ts";
import { type BatchSize, batchSize, type Sequence } from "../../nn/sequence.ts";
import type { Feed } from "../../runtime/session.ts";

export interface JointBatch extends BatchSize {
  readonly feeds: Record<string, Feed>;
}

/** What noise-contrastive estimation compares: texts of the data, and K times as many noise texts. */
export interface Contrast {
  readonly data: readonly Sequence[];
  readonly noise: readonly Sequence[];
}

/**
 * One batch for the joint loss: labelled texts for cross-entropy, drawn independently of the texts to be told from noise. All
 * go through the encoder together, or in parts side by side.
 */
export function jointBatch(
  { firstPosition }: TransformerConfig,
  labelled: readonly (Sequence & { readonly label: number })[],
  parts: number,
  contrast?: Contrast,
): JointBatch {
  const { data, noise } = contrast ?? { data: [], noise: [] };
  const sequences = [...labelled, ...data, ...noise];
  const packed = packParts(sequences, firstPosition, parts);
  const position = new Map(packed.order.map((row, index) => [row, index]));
  const rows = (start: number, { length }: readonly Sequence[]) =>
    vector(Array.from({ length }, (_, row) => position.get(start + row)!));
  const labels = vector(labelled.map(({ label }) => label));
  const classFeeds = { ...packed.feeds, labels, classRows: rows(0, labelled) };
  const contrastFeeds = {
    dataRows: rows(labelled.length, data),
    noiseRows: rows(labelled.length + data.length, noise),
  };
  return {
    feeds: contrast ? { ...classFeeds, ...contrastFeeds } : classFeeds,
    ...batchSize(sequences),
  };
}

/** Such a batch as so many turns, each with as many texts of each kind. */
export function jointTurns(
  config: TransformerConfig,
  labelled: readonly (Sequence & { readonly label: number })[],
  parts: number,
  turns: number,
  contrast?: Contrast,
): readonly JointBatch[] {
  return Array.from({ length: turns }, (_, turn) => {
    const share = <Text>(texts: readonly Text[]) =>
      texts.slice(turn * texts.length / turns, (turn + 1) * texts.length / turns);
    const own = contrast && { data: share(contrast.data), noise: share(contrast.noise) };
    return jointBatch(config, share(labelled), parts, own);
  });
}
