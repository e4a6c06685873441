import assert from "node:assert/strict";
import { noiseAccuracy } from "../../../src/ebm/classifier/noise_accuracy.ts";

Deno.test("a text counts as real where E + ln K < 0, and data and noise weigh the same, whatever their numbers", () => {
  const [data, noise] = [[-1, -0.5, 0.5, -3], [2, -1]];
  assert.equal(noiseAccuracy(data, noise, 1), (3 / 4 + 1 / 2) / 2);
  assert.equal(noiseAccuracy(data, noise, 2), (2 / 4 + 1 / 2) / 2); // −0.5 + ln 2 > 0
  assert.equal(noiseAccuracy(data, noise, 4), (1 / 4 + 2 / 2) / 2); // and so is −1 + ln 4
});
