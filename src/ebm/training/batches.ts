import { InputError } from "../../errors.ts";
import type { RandomStream } from "../../random.ts";

/**
 * Yields batches of indices below `count` without end: one pass over all of them after the other, each in a
 * new random order. Throws InputError where there are none.
 */
export function batches(count: number, size: number, random: RandomStream): Generator<number[], never> {
  return batchesOf(count, size, (order) => random.shuffle(order));
}

/** Yields batches as `batches` does, but each pass is in ascending order. */
export function batchesInOrder(count: number, size: number): Generator<number[], never> {
  return batchesOf(count, size, (order) => order);
}

function* batchesOf(
  count: number,
  size: number,
  arrange: (order: number[]) => number[],
): Generator<number[], never> {
  if (count === 0) throw new InputError({ found: "no texts", expected: "at least one to draw batches from" });
  let order: number[] = [];
  while (true) {
    while (order.length < size) {
      order = [
        ...order,
        ...arrange(Array.from({ length: count }, (_, index) => index)),
      ];
    }
    yield order.splice(0, size);
  }
}
