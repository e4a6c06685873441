/** Entries of the cache, as Bazel's remote-execution API has them. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { readEntry, writeEntry } from "../../../src/pipeline/remote/action_result.ts";
import { type Digest, digestOf } from "../../../src/pipeline/store/digest.ts";

const digest = "aa".repeat(32) as Digest;

/** Writes an entry by hand, after protobuf's encoding: field 2 of ActionResult, in it fields 1 and 2, and so on. */
function entryByHand(hash: string, size: readonly number[]): Uint8Array {
  const [path, text] = ["record.json", hash].map((text) => [...new TextEncoder().encode(text)]);
  const digest = [0x0a, 64, ...text ?? [], 0x10, ...size];
  const file = [0x0a, 11, ...path ?? [], 0x12, digest.length, ...digest];
  return new Uint8Array([0x12, file.length, ...file]);
}

Deno.test("an entry has the bytes that protobuf's encoding gives it", () => {
  const written = writeEntry(new Map([["record.json", { digest, size: 150 }]]));
  assert.equal(written.toHex(), entryByHand(digest, [0x96, 0x01]).toHex());
});

Deno.test("an entry is read with its sizes, and fields that this version doesn't know are passed over", () => {
  const unknown = [0x20, 0x00, 0x2a, 3, 1, 2, 3]; // exit_code 0, stdout_raw
  const entry = new Uint8Array([...entryByHand(digest, [0x96, 0x01]), ...unknown]);
  assert.deepEqual(readEntry(entry), new Map([["record.json", { digest, size: 150 }]]));
});

Deno.test("what isn't an entry is none", () => {
  const text = new TextEncoder().encode("<html>404</html>");
  const cut = entryByHand(digest, [1]).slice(0, 40);
  const outside = entryByHand(`../${"a".repeat(61)}`, [1]);
  const negative = entryByHand(digest, [...Array(9).fill(0xff), 0x01]);
  const huge = entryByHand(digest, [...Array(8).fill(0xff), 0x7f]);
  for (const bytes of [text, cut, outside, negative, huge]) assert.equal(readEntry(bytes), undefined);
});

Deno.test("any bytes are an entry or none, and an entry is read as it was written", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    const files = readEntry(bytes);
    assert.ok(files === undefined || files instanceof Map);
  }));
  const file = fc.record({ digest: fc.string().map(digestOf), size: fc.nat() }, { noNullPrototype: true });
  fc.assert(fc.property(fc.dictionary(fc.string(), file, { noNullPrototype: true }), (files) => {
    const entries = new Map(Object.entries(files));
    assert.deepEqual(
      readEntry(writeEntry(entries)),
      new Map([...entries].sort(([a], [b]) => (a < b ? -1 : 1))),
    );
  }));
});
