/**
 * A pool of noise is drawn in blocks. A block is completed by itself, always in the same batches and with
 * random streams of its own, so what it holds depends neither on the blocks before it nor on which shard
 * draws it.
 */
import { InputError } from "../../errors.ts";

/** A block: one sample for each of the texts from `start` on and before `end`. */
export interface Block {
  /** The block's place among all blocks of the pool, from 0. */
  readonly number: number;
  /** How often all texts were completed before, from 0. */
  readonly pass: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The texts in a block. It is large enough that texts of nearly one length fill its batches, and small enough
 * that the samples of one fit into memory and several dozen make up two million.
 */
const blockTexts = 32_768;

/** Divides a pool into blocks, pass by pass over all texts. */
export function blocksOf(texts: number, passes: number, size = blockTexts): Block[] {
  const perPass = Math.ceil(texts / size);
  return Array.from({ length: passes * perPass }, (_, number) => {
    const start = size * (number % perPass);
    return { number, pass: Math.floor(number / perPass), start, end: Math.min(start + size, texts) };
  });
}

/**
 * Returns the blocks that a shard draws, which follow each other, so that the shards' samples, one shard's
 * after the other's, are those of a pool that isn't divided.
 *
 * @param shard counts from 1
 * @throws {InputError} where there are fewer blocks than shards
 */
export function blocksOfShard(blocks: readonly Block[], shard: number, shards: number): readonly Block[] {
  if (shards > blocks.length) {
    throw new InputError({
      found: `shards = ${shards}`,
      expected: `at most ${blocks.length}, since the samples are drawn in so many blocks`,
      fix: "Draw the noise in fewer shards, or raise samplesPerText.",
    });
  }
  const first = (shard: number) => Math.floor(shard * blocks.length / shards);
  return blocks.slice(first(shard - 1), first(shard));
}
