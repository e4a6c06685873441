import assert from "node:assert/strict";
import { excerpt, excerpts } from "../src/excerpt.ts";

Deno.test("what can't be seen, or acts on a terminal, is escaped", () => {
  assert.equal(
    excerpt('a "b"\t\u001b[31m\u009b\u202e\u00a0\u200b é😀'),
    String.raw`"a \"b\"\t\u001b[31m\u009b\u202e\u00a0\u200b é😀"`,
  );
});

Deno.test("the cut falls between characters, and escapes count", () => {
  assert.equal(excerpt("x".repeat(200)), `"${"x".repeat(200)}"`);
  assert.equal(excerpt("x".repeat(201)), `"${"x".repeat(199)}…"`);
  assert.equal(excerpt("😀😀😀", 5), '"😀😀…"');
  assert.equal(excerpt("\0\0", 9), String.raw`"\u0000…"`);
});

Deno.test("lists end with how many more there are", () => {
  assert.equal(excerpts(["a", "b"]), '"a", "b"');
  assert.equal(excerpts(["a", "b", "c", "d"], 2), '"a", "b" and 2 more');
  const long = excerpts(Array.from({ length: 9 }, () => "x".repeat(100)));
  assert.ok(long.length < 230 && long.endsWith(" and 5 more"), long);
});
