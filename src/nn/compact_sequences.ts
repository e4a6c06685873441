import type { Sequence, Sequences } from "./sequence.ts";

/** A sequence with its class, where it has one. */
type MaybeLabelled = Sequence & { readonly label?: number | undefined };

/** Sequences of which all tokens lie side by side, so that millions of them take little more than these. */
export interface CompactSequences extends Sequences, Iterable<MaybeLabelled> {
  at(index: number): MaybeLabelled;
  append(sequence: MaybeLabelled): void;
}

/** Makes an empty list of sequences. */
export function compactSequences(): CompactSequences {
  let ids = new Int32Array(1024);
  let typeIds = new Uint8Array(1024);
  let ends = new Float64Array(64);
  let labels = new Int32Array(64); // one more than the class; 0 where there is none
  let length = 0;
  const startOf = (index: number) => index === 0 ? 0 : ends[index - 1];
  const at = (index: number): MaybeLabelled => {
    const [start, end] = [startOf(index), ends[index]];
    const label = labels[index] > 0 ? labels[index] - 1 : undefined;
    return { ids: ids.subarray(start, end), typeIds: typeIds.subarray(start, end), label };
  };
  return {
    get length() {
      return length;
    },
    at,
    append(sequence) {
      const start = startOf(length);
      const end = start + sequence.ids.length;
      if (end > ids.length) {
        const room = Math.max(2 * ids.length, end);
        ids = new Int32Array(ids.buffer.transfer(4 * room));
        typeIds = new Uint8Array(typeIds.buffer.transfer(room));
      }
      if (length === ends.length) {
        ends = new Float64Array(ends.buffer.transfer(16 * length));
        labels = new Int32Array(labels.buffer.transfer(8 * length));
      }
      ids.set(sequence.ids, start);
      if (sequence.typeIds) typeIds.set(sequence.typeIds, start);
      labels[length] = sequence.label === undefined ? 0 : sequence.label + 1;
      ends[length++] = end;
    },
    *[Symbol.iterator]() {
      for (let index = 0; index < length; index++) yield at(index);
    },
  };
}
