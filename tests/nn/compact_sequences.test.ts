import assert from "node:assert/strict";
import { compactSequences } from "../../src/nn/compact_sequences.ts";

Deno.test("sequences come out as they went in, with their types and classes", () => {
  const given = Array.from({ length: 300 }, (_, row) => ({
    ids: Array.from({ length: row % 50 }, (_, index) => 1000 * row + index),
    typeIds: Array.from({ length: row % 50 }, (_, index) => Number(index > 3)),
    label: row % 4 === 0 ? undefined : row % 4 - 1,
  }));
  const list = compactSequences();
  given.forEach((sequence) => list.append(sequence));
  const plain = ({ ids, typeIds, label }: ReturnType<typeof list.at>) => ({
    ids: Array.from(ids),
    typeIds: Array.from(typeIds!),
    label,
  });
  assert.equal(list.length, 300);
  assert.deepEqual(Array.from(list, plain), given);
  assert.deepEqual(plain(list.at(123)), given[123]);

  const single = compactSequences();
  single.append({ ids: [5, 6] });
  assert.deepEqual(plain(single.at(0)), { ids: [5, 6], typeIds: [0, 0], label: undefined });
});
