/** All operations that our models are made of. Each is written beside its gradient. */
export * from "./ops/activation.ts";
export {
  add,
  cast,
  divide,
  exponential,
  logarithm,
  maximum,
  multiply,
  negate,
  reciprocalSquareRoot,
  square,
  squareRoot,
  subtract,
} from "./ops/arithmetic.ts";
export { concatenate, join, keepAxis, pad, product, reshape, sizeOf, transpose } from "./ops/layout.ts";
export * from "./ops/lookup.ts";
export * from "./ops/loss.ts";
export * from "./ops/matrix.ts";
export * from "./ops/normalization.ts";
export * from "./ops/random.ts";
export {
  indexOfMaximum,
  logSumExp,
  maximumOfLast,
  mean,
  stopGradient,
  sumOfSquares,
} from "./ops/reduction.ts";
export { sum } from "./ops/sum.ts";
