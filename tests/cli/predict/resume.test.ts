import assert from "node:assert/strict";
import { join } from "node:path";
import { nothingWritten, writtenIn } from "../../../src/cli/predict/resume.ts";
import { windowRows } from "../../../src/cli/predict/windows.ts";
import { withFiles } from "../../data/files.ts";

/** Returns this many rows, each with a line break in a quoted field. */
function csvRows(count: number): string {
  return Array.from({ length: count }, (_, row) => `${row},"a\nb"\n`).join("");
}

Deno.test("whole windows are kept, whatever was written behind them", () =>
  withFiles({
    "a.csv": `id,label\n${csvRows(2 * windowRows)}2048,"half a r`,
    "one.csv": `id,label\n${csvRows(windowRows + 1)}`,
    "few.csv": `id,label\n${csvRows(windowRows - 1)}`,
    "a.jsonl": '{"set":["\\""]}\n'.repeat(3 * windowRows),
  }, async (folder) => {
    const first = `id,label\n${csvRows(windowRows)}`;
    const both = `id,label\n${csvRows(2 * windowRows)}`;
    assert.deepEqual(await writtenIn(join(folder, "a.csv"), "csv"), {
      windows: 2,
      length: both.length,
      last: both.slice(first.length),
    });
    assert.deepEqual(await writtenIn(join(folder, "one.csv"), "csv"), {
      windows: 1,
      length: first.length,
      last: first,
    });
    assert.deepEqual(await writtenIn(join(folder, "few.csv"), "csv"), nothingWritten);
    assert.deepEqual(await writtenIn(join(folder, "none.csv"), "csv"), nothingWritten);
    assert.equal((await writtenIn(join(folder, "a.jsonl"), "jsonl")).windows, 3);
  }));
