import assert from "node:assert/strict";
import { nearest, suggestion } from "../src/nearest.ts";

Deno.test("the nearest known name is the one with the fewest edits", () => {
  assert.equal(nearest("epocs", ["steps", "epochs", "batchSize"]), "epochs");
  assert.equal(nearest("batchsize", ["steps", "epochs", "batchSize"]), "batchSize");
});

Deno.test("a name that is near none has no nearest, and the known ones are listed", () => {
  assert.equal(nearest("temperature", ["steps", "epochs"]), undefined);
  assert.equal(suggestion("temperature", ["steps", "epochs"]), "Known: steps, epochs.");
  assert.equal(suggestion("step", ["steps", "epochs"]), 'Did you mean "steps"?');
});
