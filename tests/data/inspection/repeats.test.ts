import assert from "node:assert/strict";
import { describeRepeats } from "../../../src/data/inspection/repeats.ts";
import type { DroppedRow } from "../../../src/data/dropped.ts";

Deno.test("repeated words are counted by group, leakage by kind and by the files that keep their rows", () => {
  const row = (id: string, text: string) => ({ id, text, label: 0 });
  const groups = [[row("1", "A b."), row("2", "a, b"), row("3", "b a")], [row("4", "c"), row("5", "d")]];
  const like = (
    id: string,
    reason: Exclude<DroppedRow["reason"], "maxRows" | "no label" | "no text" | "no majority of votes">,
  ) => ({ id, reason, of: "9", similarity: 0.9 });
  const dropped: readonly DroppedRow[] = [
    like("5", "near duplicate of a row of the dev files"),
    like("6", "near duplicate of a row of the dev files"),
    like("7", "same words as a row of the test files"),
    { id: "8", reason: "no text" },
  ];
  assert.deepEqual(describeRepeats({ groups, dropped }), [
    "duplicates: 1 row with the words of another",
    "leakage: 2 near duplicates of a row of the dev files, which prepare-data drops",
    "leakage: 1 row with the same words as a row of the test files, which prepare-data drops",
  ]);
  assert.deepEqual(describeRepeats({ groups: [], dropped: [] }), []);
});
