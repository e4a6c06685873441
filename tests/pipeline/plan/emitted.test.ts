import assert from "node:assert/strict";
import { emittedCode } from "../../../src/pipeline/plan/emitted.ts";

const textOf = (source: string) => emittedCode(source, true).text;
const original = `export function f(a: number) { return [a + 1, "x", /y/g, 1000n]; }`;

for (
  const [what, source] of [
    ["comments", `/** Docs. */ ${original} // more`],
    ["line breaks and a trailing comma", original.replace('"x", /y/g, 1000n', '\n"x",\n/y/g,\n1000n,\n')],
    [
      "types",
      original.replace("a: number", "a: number | string").replace("{ return", ": unknown[] { return"),
    ],
    ["imports of types", `import type { A } from "./a.ts"; export type { A }; ${original}`],
    [
      "quotes, parentheses and digit separators",
      original.replace('"x"', "'x'").replace("a + 1", "(a + 1)").replace("1000n", "1_000n"),
    ],
  ] as const
) {
  Deno.test(`${what} leave the emitted code alone`, () => assert.equal(textOf(source), textOf(original)));
}

for (
  const [what, source] of [
    ["an operator", original.replace("a + 1", "a - 1")],
    ["a number for a text", original.replace('"x"', "1").replace("a + 1", 'a + "1"')],
    ["a flag of a regular expression", original.replace("/y/g", "/y/i")],
    ["a big integer", original.replace("1000n", "1001n")],
    ["grouping", original.replace("a + 1", "a + 1 * 2").replace("a + 1 * 2", "(a + 1) * 2")],
    ["a line break that ends a statement", original.replace("return [", "return\n[")],
  ] as const
) {
  Deno.test(`${what} changes the emitted code`, () => assert.notEqual(textOf(source), textOf(original)));
}

Deno.test("an import of a computed name is found, one of a fixed name is none", () => {
  const { computedImports } = emittedCode(
    'await import("./a.ts"); await import(`./b.ts`); await import(name + ".ts");',
    true,
  );
  assert.deepEqual(computedImports, ['import(name + ".ts")']);
});

for (
  const [what, source] of [
    ["decorators", "class A { @d m() { return 1; } }"],
    ["accessors", "class A { accessor x = 1 }"],
    ["JSX", "const x = <b>{1}</b>;"],
  ] as const
) {
  Deno.test(`${what} count as they are written, and imports of computed names are found`, () => {
    const text =
      `${source} await import("./a.ts"); await import(\`./b.ts\`, {}); await import(name + ".ts");`;
    assert.notEqual(textOf(text), textOf(text.replace("1", "2")));
    assert.deepEqual(emittedCode(text, true).computedImports, ['import(name + ".ts")']);
  });
}

Deno.test("an expression longer than the stack counts as it is written", () => {
  const text = `export const x = ${"1 + ".repeat(2e4)}1;`;
  assert.notEqual(emittedCode(text, false).text, emittedCode(text.replace("1;", "2;"), false).text);
});
