import assert from "node:assert/strict";
import { blocksOf, blocksOfShard } from "../../../src/ebm/noise_model/blocks.ts";

Deno.test("blocks hold each text once a pass, in order, and none spans two passes", () => {
  assert.deepEqual(blocksOf(5, 2, 2), [
    { number: 0, pass: 0, start: 0, end: 2 },
    { number: 1, pass: 0, start: 2, end: 4 },
    { number: 2, pass: 0, start: 4, end: 5 },
    { number: 3, pass: 1, start: 0, end: 2 },
    { number: 4, pass: 1, start: 2, end: 4 },
    { number: 5, pass: 1, start: 4, end: 5 },
  ]);
  assert.equal(blocksOf(67_349, 30).length, 90);
  assert.deepEqual(blocksOf(0, 1), []);
});

Deno.test("shards share the blocks in order, each about as many, however many shards there are", () => {
  const blocks = blocksOf(7, 1, 1);
  for (let shards = 1; shards <= 7; shards++) {
    const shared = Array.from({ length: shards }, (_, index) => blocksOfShard(blocks, index + 1, shards));
    assert.deepEqual(shared.flat(), blocks);
    assert.ok(
      shared.every(({ length }) => length === Math.floor(7 / shards) || length === Math.ceil(7 / shards)),
    );
  }
  assert.throws(() => blocksOfShard(blocks, 1, 8), /found shards = 8, expected at most 7/);
});
