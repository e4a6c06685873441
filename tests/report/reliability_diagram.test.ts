import assert from "node:assert/strict";
import { commonFrame, reliabilityDiagram } from "../../src/report/reliability_diagram.ts";

const bin = { lower: 0.75, upper: 0.8, count: 100, confidence: 0.78, accuracy: 0.6 };
const last = { lower: 0.95, upper: 1, count: 7, confidence: 1, accuracy: 1 };

Deno.test("diagrams share a frame that holds all their points and the diagonal", () => {
  assert.deepEqual(commonFrame([[bin], [last]]), {
    lowestConfidence: 0.7,
    lowestAccuracy: 0.6,
    largestCount: 100,
  });
  // The diagonal starts at the lowest confidence, even where all accuracies are higher.
  assert.equal(commonFrame([[{ ...bin, accuracy: 0.9 }]]).lowestAccuracy, 0.7);
});

Deno.test("a calibrated bin's point lies on the diagonal, and a worse one below it", () => {
  const height = (accuracy: number) => {
    const frame = { lowestConfidence: 0.5, lowestAccuracy: 0.5, largestCount: 100 };
    const { source } = reliabilityDiagram([{ ...bin, accuracy }], { label: "test", frame });
    const read = (pattern: RegExp) => source.match(pattern)!.slice(1).map(Number);
    const [x1, y1, x2, y2] = read(/class="diagonal" x1="(.*?)" y1="(.*?)" x2="(.*?)" y2="(.*?)"/);
    const [x, y] = read(/class="point" cx="(.*?)" cy="(.*?)"/);
    return y1 + (x - x1) / (x2 - x1) * (y2 - y1) - y;
  };
  assert.ok(Math.abs(height(0.78)) < 0.02);
  assert.ok(height(0.6) < -10);
  assert.ok(height(0.9) > 10);
});

Deno.test("all coordinates are numbers, in bins that are certain too", () => {
  const { source } = reliabilityDiagram([bin, last], { label: "test", frame: commonFrame([[bin, last]]) });
  assert.doesNotMatch(source, /NaN|Infinity|undefined/);
  for (const [, size] of source.matchAll(/(?:width|height)="(.*?)"/g)) assert.ok(Number(size) >= 0, size);
});
