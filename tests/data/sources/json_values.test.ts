import assert from "node:assert/strict";
import fc from "fast-check";
import {
  faultInJson,
  type JsonPath,
  lineAndColumn,
  placeOfValue,
  walkJson,
} from "../../../src/data/sources/json_values.ts";

Deno.test("every value of any JSON is found where it is written", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.constantFrom(0, 1, "\t"), (value, indent) => {
    const text = JSON.stringify(value, null, indent);
    const found: [JsonPath, number][] = [];
    assert.equal(walkJson(text, (path, at) => found.push([path, at]), Infinity), undefined);
    for (const [path, at] of found) {
      const expected = path.reduce<unknown>((inner, step) => (inner as Record<string, unknown>)[step], value);
      assert.ok(text.startsWith(JSON.stringify(expected, null, indent).slice(0, 1), at));
    }
    assert.equal(found.length, countValues(value));
  }));
});

Deno.test("a text is JSON to it where it is to JSON.parse, and where it breaks off is the first fault", () => {
  const pieces = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"a"',
    '"\\u00e9\\n"',
    "1",
    "-0.5e3",
    "01",
    "true",
    "nul",
    " ",
    '"\n"',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 8 }), (parts) => {
      const text = parts.join("");
      const fault = faultInJson(text);
      let isJson = true;
      try {
        JSON.parse(text);
      } catch {
        isJson = false;
      }
      assert.equal(fault === undefined, isJson, text);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("where a value is missing, the place is that of what should hold it", () => {
  const text = '[{"a": 1},\n  {"b": {"c": [2, 3]}}]';
  assert.deepEqual(lineAndColumn(text, placeOfValue(text, [1, "b", "c", "1"])), { line: 2, column: 19 });
  assert.deepEqual(lineAndColumn(text, placeOfValue(text, [1, "x", "c"])), { line: 2, column: 3 });
});

function countValues(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce((sum: number, inner) => sum + countValues(inner), 1);
}
