import assert from "node:assert/strict";
import { fitted, widthOf, wrapped } from "../../../src/cli/terminal/width.ts";

Deno.test("a line that fits stays as it is, and colours take no room", () => {
  assert.equal(wrapped("✓ one  done", 4, 11), "✓ one  done");
  assert.equal(widthOf("\x1b[31m✓ one\x1b[0m"), 5);
  assert.equal(wrapped("\x1b[31m✓ one  done\x1b[0m", 4, 11), "\x1b[31m✓ one  done\x1b[0m");
});

Deno.test("a long line breaks where its columns are parted, or else between words, and never in one", () => {
  assert.equal(
    wrapped("✓ train  up to date  made 2026-11-30 in 3 s", 9, 34),
    "✓ train  up to date\n         made 2026-11-30 in 3 s",
  );
  assert.equal(
    wrapped("● train  parameter rate, input text changed", 9, 36),
    "● train  parameter rate, input text\n         changed",
  );
  assert.equal(wrapped(`a ${"b".repeat(40)} c`, 2, 30), `a\n  ${"b".repeat(40)}\n  c`, "a word stays whole");
  assert.equal(
    wrapped("● a-very-long-name-of-a-stage  never run", 31, 36),
    "● a-very-long-name-of-a-stage\n    never run",
    "where little room is left beside a name, it goes on below it",
  );
});

Deno.test("a wide table loses its last columns, and says so; prose around it is broken", () => {
  const table = ["Variant   ECE    NLL", "scalar  0.049  0.697", "a b     0.020  0.700"];
  assert.deepEqual(fitted(table, 20), table);
  assert.deepEqual(fitted(["warning: that is all", ...table], 16), [
    "warning: that is",
    "    all",
    "Variant   ECE …",
    "scalar  0.049",
    "a b     0.020",
  ]);
});
