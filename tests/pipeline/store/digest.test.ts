import assert from "node:assert/strict";
import { canonicalJson } from "../../../src/pipeline/store/canonical_json.ts";
import { digestOf, digestOfFile } from "../../../src/pipeline/store/digest.ts";

Deno.test("a digest is SHA-256", () => {
  // NIST's example for one block, FIPS 180-2 appendix B.1
  assert.equal(digestOf("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

Deno.test("a file's digest is that of its content, however long", () => {
  const path = Deno.makeTempFileSync();
  const content = new Uint8Array(3 * 1024 * 1024 + 17).map((_, index) => index % 251);
  Deno.writeFileSync(path, content);
  assert.equal(digestOfFile(path), digestOf(content));
  Deno.removeSync(path);
});

Deno.test("canonical JSON doesn't depend on the order of keys, but on that of lists", () => {
  assert.equal(
    canonicalJson({ b: [1, "x", null], a: { d: true, c: 0.1 } }),
    '{"a":{"c":0.1,"d":true},"b":[1,"x",null]}',
  );
  assert.notEqual(canonicalJson([1, 2]), canonicalJson([2, 1]));
});

Deno.test("canonical JSON leaves out what is undefined, and keeps types apart", () => {
  assert.equal(canonicalJson({ a: undefined, b: 1 }), '{"b":1}');
  assert.notEqual(canonicalJson({ a: 1 }), canonicalJson({ a: "1" }));
});

Deno.test("canonical JSON refuses what it can't hold", () => {
  for (const value of [NaN, Infinity, 1n, new Date(0), () => 1]) {
    assert.throws(() => canonicalJson({ value }), TypeError);
  }
});
