import assert from "node:assert/strict";
import { fractionsSchema } from "../../src/data/partition.ts";
import type { Row } from "../../src/data/rows.ts";
import { type SplitName, splitNames, type Splits } from "../../src/data/splits.ts";
import { randomStream } from "../../src/random.ts";
import { heldPartition as partition } from "./held.ts";

const random = randomStream(1, "partition");
const word = () => random.integer(2 ** 32).toString(36);
const rowsOf = (count: number, prefix: string): Row[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `${prefix}${index}`,
    text: Array.from({ length: 8 }, word).join(" "),
    label: index % 2,
  }));
const fresh = rowsOf(3000, "fresh");
/** Each copy differs from its original by one word in nine, so both are near duplicates. */
const copies = fresh.slice(0, 300).map(({ id, text, label }) => ({
  id: `${id}-copy`,
  text: `${text} x`,
  label,
}));

const source = (rows: readonly Row[], dev?: readonly Row[]) => ({
  classes: ["negative", "positive"],
  pairs: false,
  rows,
  ...(dev && { dev }),
});
const options = { seed: 1, fractions: fractionsSchema.parse({}), maxRows: {} };

const splitOf = (splits: Splits) =>
  new Map<string, SplitName>(splitNames.flatMap((name) => splits[name].map(({ id }) => [id, name] as const)));

Deno.test("every row lands in one split, about as many as the fractions say", () => {
  const { splits } = partition(source(fresh), options);
  assert.equal(splitOf(splits).size, 3000);
  for (const name of splitNames) {
    const share = options.fractions[name];
    const deviations = (splits[name].length - 3000 * share) / Math.sqrt(3000 * share * (1 - share));
    assert.ok(Math.abs(deviations) < 4, `${name}: ${deviations} standard deviations from its fraction`);
  }
});

Deno.test("rows never move when others are added, taken away or reordered", () => {
  const whole = splitOf(partition(source(fresh), options).splits);
  const part = splitOf(partition(source(fresh.slice(500, 2000).toReversed()), options).splits);
  for (const [id, split] of part) assert.equal(split, whole.get(id), id);
});

Deno.test("near duplicates are in one split, and are counted", () => {
  const { splits, duplicates } = partition(source([...fresh, ...copies]), options);
  const found = splitOf(splits);
  for (const { id } of copies) assert.equal(found.get(id), found.get(id.replace("-copy", "")), id);
  assert.deepEqual(duplicates, { groups: 300, rows: 600, droppedFromTrain: 0 });
});

Deno.test("another seed splits otherwise", () => {
  const first = splitOf(partition(source(fresh), options).splits);
  const second = splitOf(partition(source(fresh), { ...options, seed: 2 }).splits);
  const same = fresh.filter(({ id }) => first.get(id) === second.get(id)).length / fresh.length;
  const { train, tune, dev1, dev2 } = options.fractions;
  const chance = train ** 2 + tune ** 2 + dev1 ** 2 + dev2 ** 2;
  // The bound is 4 standard deviations.
  assert.ok(Math.abs(same - chance) < 0.04, `${same} in the same split, ${chance} by chance`);
});

Deno.test("given dev files are divided between tune, dev1 and dev2 alone", () => {
  const dev = rowsOf(1000, "dev");
  const { splits } = partition(source(fresh, dev), options);
  assert.deepEqual(splits.train.map(({ id }) => id).sort(), fresh.map(({ id }) => id).sort());
  const devIds = [...splits.tune, ...splits.dev1, ...splits.dev2].map(({ id }) => id);
  assert.deepEqual(devIds.sort(), dev.map(({ id }) => id).sort());
  // The bound is 4 standard deviations.
  assert.ok(Math.abs(splits.dev1.length - 1000 * 0.16 / 0.38) < 63, `${splits.dev1.length}`);
});

Deno.test("training rows that resemble a dev row are dropped and counted", () => {
  const { splits, duplicates } = partition(source(fresh, copies), options);
  assert.equal(splits.train.length, 2700);
  assert.equal(duplicates.droppedFromTrain, 300);
  assert.equal(splits.tune.length + splits.dev1.length + splits.dev2.length, 300);
});

Deno.test("a test set stays whole, and whatever resembles one of its rows is dropped, from dev as well", () => {
  const test = rowsOf(50, "test");
  const near = (row: Row, id: string) => ({ ...row, id, text: `${row.text} x` });
  const rows = [...fresh.slice(0, 300), near(test[0], "train-near"), { ...test[1], id: "train-same" }];
  const dev = [...rowsOf(100, "dev"), near(test[2], "dev-near"), near(fresh[0], "of-train")];
  const { splits, test: kept = [], dropped, duplicates } = partition({ ...source(rows, dev), test }, options);
  assert.deepEqual(kept.map(({ id }) => id).sort(), test.map(({ id }) => id).sort());
  const found = splitOf(splits);
  assert.equal(found.size, 299 + 101);
  for (const id of ["train-near", "train-same", "dev-near", "fresh0"]) assert.equal(found.get(id), undefined);
  assert.deepEqual(
    new Map<string, string>(dropped.map(({ id, reason }) => [id, reason])),
    new Map([
      ["train-near", "near duplicate of a row of the test files"],
      ["train-same", "same words as a row of the test files"],
      ["dev-near", "near duplicate of a row of the test files"],
      ["fresh0", "near duplicate of a row of the dev files"],
    ]),
  );
  assert.deepEqual(duplicates, { groups: 4, rows: 8, droppedFromTrain: 3, droppedFromDev: 1 });
});

Deno.test("a test set beside rows for all splits has no effect on the splits of those that don't resemble it", () => {
  const before = splitOf(partition(source(fresh), options).splits);
  const test = [...rowsOf(50, "test"), { ...fresh[0], id: "same" }];
  const { splits, test: kept = [] } = partition({ ...source(fresh), test }, {
    ...options,
    maxRows: { test: 20 },
  });
  assert.equal(kept.length, 20);
  const after = splitOf(splits);
  assert.deepEqual([...before].filter(([id]) => id !== "fresh0").sort(), [...after].sort());
});

Deno.test("splits that the source has are kept, and a row of an earlier one that resembles a later one is dropped", () => {
  const given = { tune: rowsOf(20, "tune"), dev1: rowsOf(30, "dev1-"), dev2: rowsOf(40, "dev2-") };
  given.dev1.push({ ...given.dev2[0], id: "again" });
  const rows = [...fresh.slice(0, 100), { ...given.tune[0], id: "train-again" }];
  const { splits, dropped } = partition({ ...source(rows), given }, options);
  const sizes = splitNames.map((name) => splits[name].length);
  assert.deepEqual(sizes, [100, 20, 30, 40]);
  assert.ok(splitNames.slice(1).every((name) => splits[name].every(({ id }) => id.startsWith(name))));
  assert.deepEqual(dropped.map(({ id }) => id).sort(), ["again", "train-again"]);
});

Deno.test("what is dropped is listed, with the dev row that it resembles most", () => {
  const rows = rowsOf(40, "train");
  const dev = rowsOf(40, "dev");
  const words = dev[0].text.split(" ");
  const same = { id: "same", text: `${dev[0].text.toUpperCase()}!`, label: 0 };
  const near = { id: "near", text: `${dev[0].text} another`, label: 0 };
  // It has but seven words of ten in common with the dev row, but resembles the one before.
  const chained = { id: "chained", text: `${words.slice(1).join(" ")} another more`, label: 0 };
  const { dropped } = partition(source([...rows, same, near, chained], dev), options);
  const found = new Map(dropped.map((row) => [row.id, row]));
  assert.deepEqual([...found.keys()].sort(), ["chained", "near", "same"]);
  const [of, reason] = ["dev0", "near duplicate of a row of the dev files"];
  const sameWords = "same words as a row of the dev files";
  assert.deepEqual(found.get("same"), { id: "same", reason: sameWords, of, similarity: 1 });
  assert.deepEqual(found.get("near"), { id: "near", reason, of, similarity: 8 / 9 });
  assert.deepEqual(found.get("chained"), { id: "chained", reason, of, similarity: 7 / 10 });
});

Deno.test("rows beyond a limit are listed, too", () => {
  const { dropped, splits } = partition(source(fresh), { ...options, maxRows: { dev2: 10 } });
  const all = partition(source(fresh), options).splits;
  const beyond = all.dev2.slice(10).map(({ id }) => ({ id, reason: "maxRows", split: "dev2" }));
  assert.deepEqual(dropped, beyond);
  assert.equal(splits.dev2.length + dropped.length, all.dev2.length);
});

Deno.test("that all rows to train on were lost as near duplicates is said", () => {
  const rows = fresh.slice(0, 300);
  assert.throws(() => partition(source(rows, copies), options), {
    name: "InputError",
    message:
      'found no row for the split "train": all 300 rows to train on are near duplicates of rows of the dev ' +
      "files, expected one at least\n" +
      "  Train on rows that aren't in the dev files, or leave `dev` out to take all splits from `train`.",
  });
});

Deno.test("that all rows are near duplicates of each other is said, and how to keep only the same together", () => {
  const words = Array.from({ length: 12 }, word).join(" ");
  const rows = Array.from(
    { length: 200 },
    (_, index) => ({ id: `${index}`, text: `${words} ${index}`, label: 0 }),
  );
  const message =
    /^found no row for the split "(train|tune)": 200 of 200 rows are near duplicates, in 1 group, and/;
  assert.throws(() => partition(source(rows), options), { name: "InputError", message });
  const { duplicates } = partition(source(rows), { ...options, duplicates: { near: false } });
  assert.deepEqual(duplicates, { groups: 0, rows: 0, droppedFromTrain: 0 });
});

Deno.test("a group of more rows than a call takes arguments is split", () => {
  const same = Array.from(
    { length: 200_000 },
    (_, index) => ({ id: `same${index}`, text: "one text", label: 0 }),
  );
  const { splits, duplicates } = partition(source([...fresh, ...same]), options);
  assert.deepEqual(duplicates, { groups: 1, rows: 200_000, droppedFromTrain: 0 });
  assert.equal(splitNames.reduce((sum, name) => sum + splits[name].length, 0), 203_000);
});

Deno.test("fewer rows of a split are the first of all of them", () => {
  const all = partition(source(fresh), options).splits;
  const few = partition(source(fresh), { ...options, maxRows: { train: 20, dev2: 10 } }).splits;
  assert.deepEqual(few, { ...all, train: all.train.slice(0, 20), dev2: all.dev2.slice(0, 10) });
});

Deno.test("a split without a row is an error", () => {
  const message =
    /^found no row for the split "(train|tune|dev1|dev2)", expected one at least\n +Give more rows, or /;
  assert.throws(() => partition(source(fresh.slice(0, 3)), options), { name: "InputError", message });
});

Deno.test("fractions must sum to 1", () => {
  const { error } = fractionsSchema.safeParse({ train: 0.7 });
  assert.deepEqual(error?.issues.map(({ message }) => message), ["fractions that sum to 1"]);
});

Deno.test("where a source divides its dev rows itself, tune comes from the rows to train on, and loses them nothing", () => {
  const given = { dev1: rowsOf(50, "first"), dev2: rowsOf(51, "second") };
  const rows = [...fresh, ...copies];
  const { splits, duplicates } = partition({ ...source(rows), given }, options);
  assert.deepEqual([splits.dev1.length, splits.dev2.length], [50, 51]);
  assert.equal(splits.train.length + splits.tune.length, rows.length);
  assert.equal(duplicates.droppedFromTrain, 0);
  const share = options.fractions.tune / (options.fractions.train + options.fractions.tune);
  const deviations = (splits.tune.length - 3300 * share) / Math.sqrt(3300 * share * (1 - share));
  assert.ok(Math.abs(deviations) < 4, `${deviations} standard deviations from its fraction`);
});
