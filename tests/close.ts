import assert from "node:assert/strict";

/** Fails unless both have the same length and no element differs by more than `tolerance`. */
export function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs(actual[index] - expected[index]);
    assert.ok(
      difference <= tolerance,
      `[${index}] is ${actual[index]}, expected ${expected[index]} ± ${tolerance}`,
    );
  }
}
