import assert from "node:assert/strict";
import { join } from "node:path";
import { StoredList } from "../../src/data/stored_list.ts";
import { randomStream } from "../../src/random.ts";
import { inFolder } from "../in_folder.ts";

/** Values of very different lengths, some megabytes together, with characters of one to four bytes. */
const random = randomStream(1, "stored-list");
const values = Array.from({ length: 2000 }, (_, index) => ({
  index,
  text: ["a", "é", "\u2028", "😀", "\ud800", '"\n'][random.integer(6)]
    .repeat(random.integer(index % 500 === 0 ? 10 ** 6 : 2000)),
}));

Deno.test("values come back in any order, also while others are added", () =>
  inFolder((folder) => {
    using list = new StoredList<typeof values[number]>(join(folder, "values.jsonl"));
    for (const [index, value] of values.entries()) {
      list.append(value);
      const earlier = random.integer(index + 1);
      if (index % 10 === 0) assert.deepEqual(list.at(earlier), values[earlier]);
    }
    assert.equal(list.length, 2000);
    for (const index of values.keys()) assert.deepEqual(list.at(index), values[index]); // in their order
    for (const index of values.toReversed().keys()) {
      assert.deepEqual(list.at(1999 - index), values[1999 - index]);
    }
    for (let turn = 0; turn < 2000; turn++) {
      const start = random.integer(2000);
      for (let index = start; index < Math.min(start + random.integer(4), 2000); index++) {
        assert.deepEqual(list.at(index), values[index]);
      }
    }
  }));

Deno.test("a file that is there isn't written to", () =>
  inFolder((folder) => {
    const file = join(folder, "values.jsonl");
    Deno.writeTextFileSync(file, "mine");
    assert.throws(() => new StoredList(file), { code: "EEXIST" });
    assert.equal(Deno.readTextFileSync(file), "mine");
  }));
