/** The experiment on precision shares its trainings in bfloat16 with the one on movie reviews. */
import assert from "node:assert/strict";
import { actions } from "./actions.ts";

Deno.test("precision.yaml's evaluations in bfloat16 are those of movie-reviews.yaml, from the data on", async () => {
  const experiment = await actions("pipelines/movie-reviews.yaml", (name) => name.replace("@kept,", "@"));
  const both = await actions("pipelines/precision.yaml", (name) => name.replace(",bfloat16", ""));
  const same = [...both].filter(([name]) => !/float32|compare/.test(name));
  assert.equal(same.length, 3 + 2 * 2 * 3);
  for (const [name, action] of same) assert.deepEqual(action, experiment.get(name), name);
});

Deno.test("its evaluations in float32 differ from them in the precision alone", async () => {
  const all = await actions("pipelines/precision.yaml");
  for (const [name, action] of all) {
    if (!name.includes("float32")) continue;
    const text = JSON.stringify(action).replaceAll("float32", "bfloat16");
    assert.equal(text, JSON.stringify(all.get(name.replace("float32", "bfloat16"))));
  }
});
