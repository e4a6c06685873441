import assert from "node:assert/strict";
import { duplicateGroups } from "../../src/data/near_duplicates.ts";
import { randomStream } from "../../src/random.ts";

const groupsOf = (texts: readonly string[]) =>
  duplicateGroups(texts.map((text) => ({ text }))).map(({ members }) => members.map(({ text }) => text));

Deno.test("case, punctuation, spaces, compatibility forms and repetition make no difference", () => {
  const same = ["A fine film!", "a  fine, fine ﬁlm", "“A FINE FILM”"];
  assert.deepEqual(groupsOf([...same, "a fine actor"]), [same, ["a fine actor"]]);
});

Deno.test("texts without a word are compared as they are", () => {
  assert.deepEqual(groupsOf(["...", "?!", " ?! "]), [["..."], ["?!", " ?! "]]);
});

Deno.test("four words in five in common group two texts, three in four don't", () => {
  assert.equal(groupsOf(["a b c d", "a b c d e"]).length, 1); // 4/5
  assert.equal(groupsOf(["a b c", "a b c d"]).length, 2); // 3/4
  assert.equal(groupsOf(["a b c d e f g h i", "a b c d e f g h j"]).length, 1); // 8/10
});

Deno.test("two texts may be grouped through a third", () => {
  assert.equal(groupsOf(["a b c d", "a b c d e f", "a b c d e"]).length, 1); // 4/6, but 4/5 and 5/6
});

Deno.test("pairs are compared by the words of both texts, whichever comes first", () => {
  const pairs = [
    { text: "the cat sat", pair: "a dog ran" },
    { text: "a dog ran", pair: "the cat sat" },
    { text: "the cat sat", pair: "nobody came home" },
  ];
  assert.deepEqual(duplicateGroups(pairs).map(({ members }) => members.length), [2, 1]);
});

Deno.test("a group is named by the least of its texts, in whatever order they come", () => {
  const texts = ["b a film here now", "a b film here", "A film, here: b!"].map((text) => ({ text }));
  assert.equal(duplicateGroups(texts)[0].canonical, "a b film here");
  assert.equal(duplicateGroups(texts.toReversed())[0].canonical, "a b film here");
});

Deno.test("the groups are those that comparing every two texts finds", () => {
  const random = randomStream(1, "near-duplicates");
  const word = () => `w${Math.floor(40 * random.next() ** 2)}`;
  const originals = Array.from({ length: 150 }, () => Array.from({ length: 2 + random.integer(24) }, word));
  const changed = originals.map((words) => words.map((old) => random.next() < 0.1 ? word() : old));
  const sets = [...originals, ...changed].map((words) => new Set(words));
  const items = sets.map((words, index) => ({ text: [...words].join(" "), index }));

  const expected = items.map((_, index) => index);
  const rename = (from: number, to: number) =>
    expected.forEach((group, index) => group === from && (expected[index] = to));
  for (const a of sets.keys()) {
    for (let b = 0; b < a; b++) {
      const similarity = sets[a].intersection(sets[b]).size / sets[a].union(sets[b]).size;
      if (similarity >= 0.8) rename(Math.max(expected[a], expected[b]), Math.min(expected[a], expected[b]));
    }
  }
  const found = items.map(() => -1);
  for (const { members } of duplicateGroups(items)) {
    members.forEach(({ index }) => found[index] = members[0].index);
  }
  assert.deepEqual(found, expected);
  const groups = new Set(found).size;
  assert.ok(groups > 100 && groups < 250, `${groups} groups test both outcomes`);
});
