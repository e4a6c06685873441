import assert from "node:assert/strict";
import { runningLines, type RunningRow } from "../../../src/cli/commands/running_table.ts";
import { widthOf } from "../../../src/cli/terminal/width.ts";

const rows: readonly RunningRow[] = [
  {
    name: "finetune@hidden",
    share: 0.25,
    seconds: 41,
    elapsed: 12,
    report: { done: 150, total: 600, text: "loss 0.412, 2310 tokens/s", heldBytes: 1_234_000_000 },
  },
  { name: "compare", share: undefined, seconds: undefined, elapsed: 7.6, report: undefined },
];

Deno.test("each running instance has a bar, its step, the time left, its memory and what it says", () => {
  assert.deepEqual(runningLines(rows, 99), [
    "▶ finetune@hidden  ━━━━━┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄  150/600   41 s left  1.2 GB  loss 0.412, 2310 tokens/s",
    "▶ compare                                         8 s so far        ",
  ]);
});

Deno.test("on a narrow terminal what matters least is left out, and nothing is cut", () => {
  assert.deepEqual(runningLines(rows.slice(0, 1), 59), [
    "▶ finetune@hidden  ━━┄┄┄┄┄┄  150/600  41 s left  loss 0.412",
  ]);
  assert.deepEqual(runningLines(rows.slice(0, 1), 40), ["▶ finetune@hidden  150/600  41 s left"]);
  for (let columns = 30; columns < 130; columns++) {
    for (const line of runningLines(rows, columns)) {
      assert.ok(widthOf(line) <= columns, `${columns}: ${line}`);
    }
  }
});
