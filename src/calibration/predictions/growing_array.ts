/** A typed array to which numbers are appended, a few at a time. */
export interface GrowingArray {
  append(numbers: readonly number[]): void;
  /** Returns all numbers, without the room that was reserved; nothing can be appended afterwards. */
  finish(): Float64Array<ArrayBuffer>;
}

/**
 * Makes an empty array that doubles its room when it is full, in place where the system can. So millions of
 * rows are read without an object for each.
 */
export function growingArray(): GrowingArray {
  let values = new Float64Array(1024);
  let length = 0;
  const resized = (size: number) =>
    new Float64Array(values.buffer.transfer(size * Float64Array.BYTES_PER_ELEMENT));
  return {
    append(numbers) {
      if (length + numbers.length > values.length) {
        values = resized(Math.max(2 * values.length, length + numbers.length));
      }
      for (let at = 0; at < numbers.length; at++) values[length++] = numbers[at];
    },
    finish: () => resized(length),
  };
}
