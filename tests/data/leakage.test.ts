import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { checkLeakage } from "../../src/data/leakage.ts";
import { readMovieReviews } from "../../src/data/movie_reviews.ts";
import { fractionsSchema, maxRowsSchema } from "../../src/data/partition.ts";
import type { Row } from "../../src/data/rows.ts";
import { splitNames } from "../../src/data/splits.ts";
import { tsvSchema } from "../../src/data/sources/tsv.ts";
import { shared } from "../shared.ts";
import { heldPartition as partition } from "./held.ts";
import { readParsed } from "./sources/reading.ts";

/** Returns the ids and texts (ignoring case, punctuation and white space) that are in two splits. */
function leaks(splits: Readonly<Record<string, readonly Row[]>>): string[] {
  const splitOf = new Map<string, string>();
  return splitNames.flatMap((name) =>
    splits[name].flatMap(({ id, text, pair }) => {
      const folded = `${text} ${pair ?? ""}`.toLowerCase().replaceAll(/[\p{P}\p{S}\s]+/gu, " ").trim();
      return [`id ${id}`, `text ${folded}`].filter((key) => {
        const first = splitOf.get(key);
        splitOf.set(key, first ?? name);
        return first !== undefined && first !== name;
      });
    })
  );
}

const options = { seed: 1, fractions: fractionsSchema.parse({}), maxRows: maxRowsSchema.parse({}) };
const folder = fileURLToPath(new URL("../../artifacts/setup/hutto-icwsm-2014", import.meta.url));
const ignore = !existsSync(folder);
if (ignore) console.warn(`skipped, not found: ${folder} (run the set-up first)`);

Deno.test({
  name:
    "the real reviews: no id and no folded text is in two splits, by the default's shares and the experiment's",
  ignore,
  async fn() {
    const source = await readMovieReviews(folder);
    const experiment = { train: 0.50, tune: 0.05, dev1: 0.19, dev2: 0.26 };
    for (const fractions of [options.fractions, experiment]) {
      assert.deepEqual(leaks(partition(source, { ...options, fractions }).splits), []);
    }
  },
});

const mrpc = shared("data/glue/MRPC");
Deno.test({
  name: "the real MRPC: no id and no folded pair of texts is in two splits",
  ignore: !mrpc,
  async fn() {
    const source = await readParsed(
      mrpc!,
      tsvSchema.parse({
        kind: "tsv",
        files: { train: ["train.tsv"], dev: ["dev.tsv"] },
        columns: { text: "#1 String", pair: "#2 String", label: "Quality" },
        classes: [0, 1],
        cleanup: ["reattach"],
      }),
    );
    assert.deepEqual(leaks(partition(source, options).splits), []);
  },
});

const row = (id: string, text: string, pair?: string): Row => ({ id, text, label: 0, ...(pair && { pair }) });
const nothing = { train: [row("1", "A good  film!")], tune: [], dev1: [], dev2: [] };

Deno.test("a leak is seen: the same words in other case and punctuation, of one text or of a pair", () => {
  const splits = { ...nothing, dev1: [row("2", "a good film")], dev2: [row("1", "x")] };
  assert.deepEqual(leaks(splits), ["text a good film", "id 1"]);
  assert.throws(() => checkLeakage(splits), /found the text "a good film" in train and in dev1/);
  const pairs = { ...nothing, tune: [row("3", "x?", "y")], dev2: [row("4", "X", "Y.")] };
  assert.throws(() => checkLeakage(pairs), /found the text "x y" in tune and in dev2/);
  const test = [row("3", "Good film: a")];
  assert.throws(
    () => checkLeakage({ ...nothing, dev2: [row("2", "good film, a")] }, test),
    /in dev2 and in test,/,
  );
});

Deno.test("an id in two splits is refused where a source is split", () => {
  const rows = Array.from({ length: 40 }, (_, at) => row(String(at % 20), `word${at} of text${at}`));
  const source = { classes: ["a", "b"], pairs: false, rows };
  assert.throws(() => partition(source, options), /found the id "4" in train and in tune, expected splits/);
  checkLeakage({ ...nothing, dev2: [row("2", "A bad film!")] });
});
