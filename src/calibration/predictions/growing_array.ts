/** Numbers that are appended, a few at a time, to a typed array. */
export interface GrowingArray {
  append(numbers: readonly number[]): void;
  /** All of them, without what was reserved; nothing can be appended after. */
  finish(): Float64Array<ArrayBuffer>;
}

/** An array that doubles where it is full, in place where the system can: millions of rows fit without lists of objects. */
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
