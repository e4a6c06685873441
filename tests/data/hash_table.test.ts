import assert from "node:assert/strict";
import { HashTable } from "../../src/data/hash_table.ts";
import { randomStream } from "../../src/random.ts";

Deno.test("items are found by their hashes, of which many are the same or close to each other", () => {
  const random = randomStream(1, "hash-table");
  const table = new HashTable();
  const expected = new Map<number, number[]>();
  for (let item = 0; item < 20_000; item++) {
    const hash = item % 2 ? random.integer(2 ** 32) : 2 ** 32 - 1 - random.integer(5000);
    table.add(hash, item);
    expected.set(hash, [...expected.get(hash) ?? [], item]);
  }
  for (const [hash, items] of expected) assert.deepEqual([...table.find(hash)].sort((a, b) => a - b), items);
  assert.deepEqual([...table.find(1)], expected.get(1) ?? []);
});
