/** The examples of docs/data.md are right: they are parameters of the stage, and read the data that they are of. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { readParsed } from "./sources/reading.ts";
import prepareData from "../../stages/prepare-data.ts";
import { shared } from "../shared.ts";

const page = readFileSync(new URL("../../docs/data.md", import.meta.url), "utf8");

/** Where the public data sets are, and how many classes each has. */
const dataSets: Readonly<Record<string, readonly [string, number]>> = {
  "./data/Banking77": ["data/intent/Banking77", 77],
  "./data/RTE": ["data/glue/RTE", 2],
  "./data/AGNews": ["data/topic/AGNews", 4],
  "./data/SNLI-subset": ["data/human/SNLI-subset", 3],
  "./data/CLINC150": ["data/intent/CLINC150", 151],
  "./data/TREC": ["data/question/TREC", 6],
};

const examples = Array.from(
  page.matchAll(/```yaml\n([^]*?)```/g),
  ([, yaml]) => parse(yaml).stages["prepare-data"],
);

Deno.test("there is an example of each kind of source", () => {
  const kinds = examples.map(({ params }) => prepareData.parameters.parse(params).source.kind);
  assert.deepEqual(
    [...new Set(kinds)].sort(),
    ["csv", "folder", "json", "jsonl", "lines", "parquet", "tsv"],
  );
});

for (const { needs, params } of examples.filter(({ needs }) => dataSets[needs.source])) {
  const [path, classes] = dataSets[needs.source];
  const folder = shared(path);
  Deno.test({
    name: `the example of ${needs.source} reads it and finds its ${classes} classes`,
    ignore: !folder,
    async fn() {
      const { source } = prepareData.parameters.parse(params);
      assert.ok(source.kind !== "movie-reviews" && source.kind !== "glue");
      assert.equal((await readParsed(folder!, source)).classes.length, classes);
    },
  });
}
