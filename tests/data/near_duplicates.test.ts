import assert from "node:assert/strict";
import { canonicalText, duplicateGroups, type DuplicateSearch } from "../../src/data/near_duplicates.ts";
import { randomStream } from "../../src/random.ts";

const groupsOf = (texts: readonly string[], search?: DuplicateSearch) => {
  const { firsts } = duplicateGroups(texts.map((text) => ({ text })), search);
  return [...Map.groupBy(texts, (_, index) => firsts[index]).values()];
};

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
  assert.deepEqual([...duplicateGroups(pairs).firsts], [0, 0, 2]);
});

Deno.test("a group is named by the least of its texts, in whatever order they come", () => {
  const texts = ["b a film here now", "a b film here", "A film, here: b!"].map((text) => ({ text }));
  assert.deepEqual([...duplicateGroups(texts).firsts], [0, 0, 0]);
  assert.equal(canonicalText(texts), "a b film here");
  assert.equal(canonicalText(texts.toReversed()), "a b film here");
});

Deno.test("where near duplicates aren't asked for, only the same words make a duplicate", () => {
  const texts = ["a b c d e", "A b, c d: e!", "a b c d"];
  assert.deepEqual(groupsOf(texts, { near: false }), [texts.slice(0, 2), texts.slice(2)]);
});

/** Returns texts and changed ones, with the group of each as comparing every two texts finds it. */
function comparedAll() {
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
  const groups = new Set(expected).size;
  assert.ok(groups > 100 && groups < 250, `${groups} groups test both outcomes`);
  return { items, expected };
}

Deno.test("the groups are those that comparing every two texts finds", () => {
  const { items, expected } = comparedAll();
  assert.deepEqual([...duplicateGroups(items).firsts], expected);
});

Deno.test("the search by keys finds them too, in whatever order the texts come, and tells how far it is", () => {
  const { items, expected } = comparedAll();
  const calls: [number, number][] = [];
  const onProgress = (done: number, total: number) => calls.push([done, total]);
  const { firsts, isExact } = duplicateGroups(items, { exactUpTo: 0, onProgress });
  assert.equal(isExact, false);
  assert.deepEqual([...firsts], expected);
  assert.deepEqual(calls, Array.from({ length: 21 }, (_, done) => [done, 20]));

  const reversed = duplicateGroups(items.toReversed(), { exactUpTo: 0 }).firsts;
  const last = items.length - 1;
  for (const one of items.keys()) {
    for (let other = 0; other < one; other++) {
      const together = reversed[last - one] === reversed[last - other];
      assert.equal(together, expected[one] === expected[other], `${one} and ${other}`);
    }
  }
});

/** Plants a near duplicate of each of some texts, as unlike it as a near duplicate may be. */
function plantedPairs(count: number, seed: number) {
  const random = randomStream(seed, "near-duplicates/planted");
  const word = () => `w${random.integer(20_000)}`;
  return Array.from({ length: count }, () => {
    const size = 5 + random.integer(20);
    const words = new Set<string>();
    while (words.size < size) words.add(word());
    const text = [...words];
    // With k words of n replaced, (n - k) / (n + k) are in common: 0.8 or more if k is n / 9 at most.
    const replaced = Math.floor(size / 9);
    const near = replaced === 0 ? text.slice(1) : text.with(0, word());
    for (let at = 1; at < replaced; at++) near[at] = word();
    return [text.join(" "), random.shuffle(near).join(" ")];
  });
}

for (const seed of [1, 2, 3]) {
  Deno.test(`of more than 50,000 texts 99 % of near duplicates are found, and no others (seed ${seed})`, () => {
    const pairs = plantedPairs(26_000, seed);
    const { firsts, isExact } = duplicateGroups(pairs.flat().map((text) => ({ text })));
    assert.equal(isExact, false);
    const found = pairs.keys().filter((pair) => firsts[2 * pair + 1] === 2 * pair).toArray().length;
    assert.ok(found >= 0.99 * pairs.length, `${found} of ${pairs.length}`);
    const grouped = firsts.filter((first, index) => first !== index).length;
    assert.equal(grouped, found, "groups of texts that have nothing in common");
  });
}

Deno.test("a hundred thousand texts that are all near duplicates, or of one pattern, take seconds", () => {
  const started = performance.now();
  const numbers = Array.from({ length: 100_000 }, (_, number) => number);
  const alike = numbers.map((number) => ({
    text: `this is review ${number} of what we bought for the house`,
  }));
  assert.ok(duplicateGroups(alike).firsts.every((first) => first === 0));
  const pattern = numbers.map((number) => ({ text: `review number ${number} is good` }));
  assert.ok(duplicateGroups(pattern).firsts.every((first, index) => first === index));
  // It takes some 5 s; a search that compares every two of them would take many minutes.
  assert.ok(performance.now() - started < 60_000);
});
