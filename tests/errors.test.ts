import assert from "node:assert/strict";
import { InputError } from "../src/errors.ts";

Deno.test("a message does nothing to a terminal, and stays short whatever it quotes", () => {
  const error = new InputError({
    at: { file: "a\u001b.json", line: 1, column: 3, source: "\u0007\tx\u202ey" },
    found: `"\u001b[2J\r${"x".repeat(10_000)}"`,
    expected: "two\nlines",
  });
  const [first, second, source, mark] = error.message.split("\n");
  assert.match(first, /^a\\u001b\.json:1:3: found "\\u001b\[2J\\u000dx{990,}…, expected two$/);
  assert.deepEqual([second, source, mark], ["lines", "    x y", "    ^"]);
});

Deno.test("of a long line, the part around the mistake is shown", () => {
  const source = `${"a".repeat(500)}b${"c".repeat(500)}`;
  const { message } = new InputError({
    at: { file: "f", line: 1, column: 501, source },
    found: "b",
    expected: "c",
  });
  const [, shown, mark] = message.split("\n");
  assert.equal(shown, `  …${"a".repeat(100)}b${"c".repeat(99)}…`);
  assert.equal(shown[mark.indexOf("^")], "b");
});
