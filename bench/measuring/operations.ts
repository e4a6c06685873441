import type { TransformerConfig } from "../../src/nn/config.ts";
import {
  firstTokensFlops,
  headFlops,
  nextTokenTrainingFlops,
  someTokensFlops,
  trainingFlops,
} from "../../src/nn/flops.ts";

/** Counts the floating-point operations of a classifier's training step on texts of one length. */
export function classifierOperations(config: TransformerConfig, rows: number, length: number): number {
  const size = { rows, tokens: rows * length, tokenPairs: rows * length ** 2 };
  return trainingFlops(firstTokensFlops(config, size) + headFlops(config, rows, 2));
}

/**
 * Counts those of a language model's training step on texts of one length, in which every next token is
 * scored.
 */
export function languageModelOperations(config: TransformerConfig, rows: number, length: number): number {
  const size = { rows, tokens: rows * length, tokenPairs: rows * length ** 2 };
  return trainingFlops(someTokensFlops(config, size, size.tokens)) +
    nextTokenTrainingFlops(config, size.tokens);
}
