import assert from "node:assert/strict";
import fc from "fast-check";
import { joined, rowList, selected } from "../../src/data/row_list.ts";

const rowsOf = (texts: readonly string[]) => texts.map((text, at) => ({ id: `${at}`, text, label: at }));
const texts = fc.array(fc.string({ minLength: 1 }), { maxLength: 9 });

Deno.test("lists of rows that are read on demand have the rows that arrays would have", () => {
  fc.assert(fc.property(fc.array(texts, { maxLength: 4 }), fc.infiniteStream(fc.nat()), (parts, numbers) => {
    const lists = parts.map(rowsOf);
    const all = lists.flat();
    const list = joined(lists.map((rows) => rowList(rows.length, (index) => rows[index])));
    assert.deepEqual([...list], all);
    assert.deepEqual(all.map((_, index) => list.at(index)), all);
    const [start, end] = numbers.take(2).map((number) => number % (all.length + 3));
    assert.deepEqual([...list.slice(start, end)], all.slice(start, end));
    assert.deepEqual([...list.slice(start).slice(1)], all.slice(start).slice(1));
    const indices = all.length === 0 ? [] : [...numbers.take(5).map((number) => number % all.length)];
    assert.deepEqual([...selected(list, indices)], indices.map((index) => all[index]));
    assert.equal(selected(list, indices).slice(1, 3).length, indices.slice(1, 3).length);
  }));
});
