import assert from "node:assert/strict";
import { firstDifference } from "../../../src/pipeline/check/first_difference.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const compare = (
  name: string,
  before: string,
  after: string,
  tolerance?: { absolute?: number; relative?: number },
) => firstDifference(name, bytes(before), bytes(after), tolerance);

/** A safetensors file of F32 tensors, laid out by hand as its format says. */
function tensors(values: Readonly<Record<string, readonly number[]>>): Uint8Array {
  let at = 0;
  const described = Object.entries(values).map(([name, { length }]) => {
    const start = at;
    at += 4 * length;
    return [name, { dtype: "F32", shape: [length], data_offsets: [start, at] }];
  });
  const header = bytes(JSON.stringify(Object.fromEntries(described)));
  const file = new Uint8Array(8 + header.length + at);
  const view = new DataView(file.buffer);
  view.setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  Object.values(values).flat().forEach((value, index) =>
    view.setFloat32(8 + header.length + 4 * index, value, true)
  );
  return file;
}

Deno.test("the same bytes have no difference", () => {
  assert.equal(compare("a.json", "{}", "{}"), undefined);
});

Deno.test("of JSON the first path that differs is told", () => {
  const before = JSON.stringify({ a: [1, { b: 2 }], c: 3 });
  const after = JSON.stringify({ a: [1, { b: 2.5 }], c: 4 });
  assert.deepEqual(compare("a.json", before, after), { place: "$.a[1].b", before: "2", after: "2.5" });
  assert.deepEqual(compare("a.json", '{"a":1}', '{"a":1,"b":null}'), {
    place: "$.b",
    before: "nothing",
    after: "null",
  });
});

Deno.test("of JSON Lines the line is told too", () => {
  assert.deepEqual(compare("a.jsonl", '{"a":1}\n{"a":2}\n', '{"a":1}\n{"a":3}\n'), {
    place: "line 2: $.a",
    before: "2",
    after: "3",
  });
});

Deno.test("numbers may differ by the tolerance, absolute or relative, other values may not", () => {
  assert.equal(compare("a.json", "[1.0, 100]", "[1.05, 100.05]", { absolute: 0.1 }), undefined);
  assert.equal(compare("a.json", "[100]", "[101]", { relative: 0.01 }), undefined);
  assert.deepEqual(compare("a.json", "[1, 100]", "[1, 102]", { relative: 0.01 })?.place, "$[1]");
  assert.deepEqual(compare("a.json", '["1"]', '["2"]', { absolute: 9 })?.place, "$[0]");
  assert.deepEqual(compare("a.json", "[1]", "[1, 1]", { absolute: 9 })?.place, "$[1]");
});

Deno.test("without a tolerance a space is a difference as well", () => {
  assert.deepEqual(compare("a.json", "[1]", "[1] "), { place: "byte 3", before: "the end", after: "0x20" });
});

Deno.test("of safetensors the first tensor and element that differ are told, with both values", () => {
  const before = tensors({ "head.weight": [1, 2, 3], "head.bias": [0.5] });
  const after = tensors({ "head.weight": [1, 2.5, 4], "head.bias": [0.5] });
  assert.deepEqual(firstDifference("model.safetensors", before, after), {
    place: "tensor head.weight, element 1",
    before: "2",
    after: "2.5",
  });
  const other = tensors({ "head.weight": [1, 2], "head.bias": [0.5] });
  assert.deepEqual(firstDifference("model.safetensors", before, other), {
    place: "tensor head.weight",
    before: "F32[3]",
    after: "F32[2]",
  });
});

Deno.test("of other files, and of broken ones, the first byte is told", () => {
  assert.deepEqual(compare("a.txt", "abc", "abd"), { place: "byte 2", before: "0x63", after: "0x64" });
  assert.deepEqual(compare("a.json", "{", "["), { place: "byte 0", before: "0x7b", after: "0x5b" });
  assert.deepEqual(compare("a.safetensors", "x", "y")?.place, "byte 0");
});
