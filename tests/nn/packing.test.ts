import assert from "node:assert/strict";
import fc from "fast-check";
import { pack, splitRows } from "../../src/nn/packing.ts";

/** Packs a batch of sequences of these lengths. */
function packed(lengths: readonly number[], causal: boolean) {
  const feeds = pack(lengths.map((length) => ({ ids: Array.from({ length }, () => 5) })), 0, causal);
  const values = (name: string) => {
    const feed = feeds[name];
    assert.ok(typeof feed === "object");
    return feed;
  };
  return {
    places: values("places").values,
    bias: values("bias"),
    firsts: values("firstPlaces").values,
    firstBias: values("firstBias"),
  };
}

const lengths = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 20 });

Deno.test("every token has a place of its own, and sees its row, in a causal model up to itself, and nothing else", () => {
  fc.assert(fc.property(lengths, fc.boolean(), (lengths, causal) => {
    const { places, bias: { values, shape: [, , , length] } } = packed(lengths, causal);
    assert.equal(new Set(places).size, places.length);
    const rowOf = lengths.flatMap((size, row) => Array.from({ length: size }, () => row));
    // The tokens that fill up the batch are treated like another row.
    while (rowOf.length % 8 !== 0) rowOf.push(lengths.length);
    assert.equal(places.length, rowOf.length);
    for (const [query, place] of places.entries()) {
      const lane = Math.floor(place / length);
      const seen = Array.from(places.entries())
        .filter(([, other]) =>
          Math.floor(other / length) === lane && values[place * length + other % length] === 0
        )
        .map(([key]) => key);
      const own = Array.from(rowOf.keys()).filter((key) =>
        rowOf[key] === rowOf[query] && (!causal || key <= query)
      );
      assert.deepEqual(seen, own);
      const visible = values.subarray(place * length, (place + 1) * length).filter((value) => value === 0);
      assert.equal(visible.length, own.length, "no empty place is seen");
    }
  }));
});

Deno.test("the first token of each row asks from a place of its own, and sees its row", () => {
  fc.assert(fc.property(lengths, (lengths) => {
    const { places, firsts, firstBias: { values, shape: [, most, , length] } } = packed(lengths, false);
    assert.equal(new Set(firsts).size, lengths.length);
    let token = 0;
    for (const [row, place] of firsts.entries()) {
      const lane = Math.floor(place / most);
      const seen = Array.from({ length }, (_, key) => key).filter((key) =>
        values[place * length + key] === 0
      );
      assert.deepEqual(seen.map((key) => lane * length + key), [
        ...places.slice(token, token + lengths[row]),
      ]);
      token += lengths[row];
    }
  }));
});

Deno.test("lanes are as long as the longest row, rounded up to a multiple of 8, and shorter rows share them", () => {
  const { bias: { shape } } = packed([9, 3, 7, 8, 3, 9, 3, 2, 1], false);
  assert.deepEqual(shape, [3, 1, 16, 16]); // 9 + 7, 9 + 3 + 3 + 1, and 8 + 3 + 2 with 3 that fill up
});

Deno.test("a batch is split into parts that have all its rows, each one, and about as many tokens", () => {
  fc.assert(fc.property(lengths, fc.integer({ min: 1, max: 4 }), (lengths, wanted) => {
    const parts = splitRows(lengths, Math.min(wanted, lengths.length));
    assert.deepEqual(parts.flat().sort((a, b) => a - b), [...lengths.keys()]);
    const tokens = parts.map((rows) => rows.reduce((total, row) => total + lengths[row], 0));
    assert.ok(tokens.every((count) => count > 0), "no part is empty");
    assert.ok(Math.max(...tokens) - Math.min(...tokens) <= Math.max(...lengths), "a row can't be divided");
  }));
});
