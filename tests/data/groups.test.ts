import assert from "node:assert/strict";
import fc from "fast-check";
import { Groups } from "../../src/data/groups.ts";

Deno.test("groups have the members that grouping by the first item gives", () => {
  fc.assert(fc.property(fc.array(fc.nat({ max: 5 })), (names) => {
    const firsts = Int32Array.from(names, (name) => names.indexOf(name));
    const groups = new Groups(firsts);
    const expected = Map.groupBy(firsts.keys(), (index) => firsts[index]);
    for (const [first, members] of expected) {
      assert.deepEqual(groups.membersOf(first), members);
      assert.equal(groups.isAlone(first), members.length === 1);
      assert.deepEqual(members.filter((index) => groups.isFirst(index)), [first]);
    }
    const several = [...expected.values()].filter(({ length }) => length > 1);
    assert.deepEqual([...groups.ofSeveral()].sort(([a], [b]) => a - b), several);
    assert.deepEqual(groups.count(), { groups: several.length, rows: several.flat().length });
  }));
});
