import assert from "node:assert/strict";
import { join } from "node:path";
import { InputError } from "../../src/errors.ts";
import type { Weight } from "../../src/graph/weights.ts";
import { readSafetensors, writeSafetensors } from "../../src/nn/safetensors.ts";
import { fixture } from "../fixtures.ts";
import { inFolder } from "../in_folder.ts";

const encoder = new TextEncoder();

/** A file as the format's description has it: 8 bytes of length, the header, the data. */
function fileOf(header: string | object, data: readonly number[] = [], claimedLength?: bigint): Uint8Array {
  const json = encoder.encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, claimedLength ?? BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

const zeros = (count: number) => Array<number>(count).fill(0);
const f32 = (shape: readonly number[], begin: number, end: number) => ({
  dtype: "F32",
  shape,
  data_offsets: [begin, end],
});

async function readBytes(bytes: Uint8Array): Promise<Map<string, Weight>> {
  let tensors = new Map<string, Weight>();
  await inFolder(async (folder) => {
    await Deno.writeFile(join(folder, "model.safetensors"), bytes);
    tensors = await readSafetensors(join(folder, "model.safetensors"));
  });
  return tensors;
}

Deno.test("F32 tensors are read with their shapes, whatever their order in the data", async () => {
  const header = { b: f32([1, 2], 4, 12), a: f32([], 0, 4), none: f32([0, 7], 12, 12) };
  const tensors = await readBytes(fileOf(header, [0, 0, 128, 63, 0, 0, 0, 192, 0, 0, 192, 63]));
  assert.deepEqual(tensors.get("a"), { shape: [], data: Float32Array.of(1) });
  assert.deepEqual(tensors.get("b"), { shape: [1, 2], data: Float32Array.of(-2, 1.5) });
  assert.deepEqual(tensors.get("none"), { shape: [0, 7], data: new Float32Array() });
});

Deno.test("F32 values are the same wherever the header's length puts them in memory", async () => {
  for (const spaces of [0, 1, 2, 3, 4, 5, 6, 7]) {
    const header = JSON.stringify({ a: f32([1], 0, 4) }) + " ".repeat(spaces);
    const tensors = await readBytes(fileOf(header, [0, 0, 192, 63]));
    assert.deepEqual(tensors.get("a")?.data, Float32Array.of(1.5));
  }
});

Deno.test("F16 and BF16 are widened to the same numbers in float32", async () => {
  const header = {
    half: { dtype: "F16", shape: [5], data_offsets: [0, 10] },
    brain: { dtype: "BF16", shape: [3], data_offsets: [10, 16] },
  };
  const halves = [0x3c00, 0xc000, 0x7bff, 0x0001, 0xfc00]; // IEEE 754 binary16
  const brains = [0x3f80, 0xc049, 0x7f80]; // the upper halves of 1, π cut to 8 bits, and ∞
  const data = [...halves, ...brains].flatMap((bits) => [bits & 255, bits >> 8]);
  const tensors = await readBytes(fileOf(header, data));
  assert.deepEqual([...tensors.get("half")!.data], [1, -2, 65504, 2 ** -24, -Infinity]);
  assert.deepEqual([...tensors.get("brain")!.data], [1, -3.140625, Infinity]);
});

Deno.test("names may hold braces, quotes, colons and backslashes, and be very long", async () => {
  const names = ['{"a":{', '}": "', "\\", '\\"', "\n".repeat(5_000_000)];
  const header = Object.fromEntries(names.map((name) => [name, f32([0], 0, 0)]));
  assert.deepEqual(new Set((await readBytes(fileOf(header))).keys()), new Set(names));
});

Deno.test("integer tensors and the file's own notes are passed over", async () => {
  const header = {
    __metadata__: { format: "pt" },
    position_ids: { dtype: "I64", shape: [1, 2], data_offsets: [0, 16] },
    mask: { dtype: "BOOL", shape: [4], data_offsets: [16, 20] },
    a: f32([1], 20, 24),
  };
  assert.deepEqual([...(await readBytes(fileOf(header, zeros(24)))).keys()], ["a"]);
});

const faults: Record<string, { readonly bytes: Uint8Array; readonly message: RegExp }> = {
  "a file that ends within the header's length": { bytes: new Uint8Array(7), message: /found 7 bytes/ },
  "an empty file": { bytes: new Uint8Array(), message: /found 0 bytes/ },
  "a header of more than 100 MB": {
    bytes: fileOf({}, [], 100_000_001n),
    message: /found a header of 100000001 bytes, expected at most 100000000/,
  },
  "a header length that no number can hold": {
    bytes: fileOf({}, [], 2n ** 64n - 1n),
    message: /expected at most 100000000/,
  },
  "a header that is longer than the file": {
    bytes: fileOf({}, [], 3n),
    message: /found 2 bytes after the header's length, expected a header of 3 bytes/,
  },
  "a header cut within its JSON": { bytes: fileOf('{"a":'), message: /not JSON/ },
  "a header that is a list": { bytes: fileOf("[]"), message: /not a JSON object/ },
  "a header that is null": { bytes: fileOf("null"), message: /not a JSON object/ },
  "a header with a byte order mark": { bytes: fileOf("\ufeff{}"), message: /not JSON/ },
  "a header that is not UTF-8": {
    bytes: fileOf({ "?": f32([1], 0, 4) }, zeros(4)).map((byte) => byte === 63 ? 255 : byte),
    message: /not JSON/,
  },
  "a name that stands twice": {
    bytes: fileOf(
      `{"a":${JSON.stringify(f32([1], 0, 4))},"\\u0061":${JSON.stringify(f32([1], 4, 8))}}`,
      zeros(8),
    ),
    message: /"a" twice in the header/,
  },
  "a property that stands twice": {
    bytes: fileOf('{"a":{"dtype":"F32","shape":[1],"shape":[2],"data_offsets":[0,8]}}', zeros(8)),
    message: /"shape" twice in the header/,
  },
  "metadata that is not text": { bytes: fileOf({ __metadata__: { epoch: 3 } }), message: /__metadata__/ },
  "an unknown property": {
    bytes: fileOf({ a: { ...f32([1], 0, 4), stride: 1 } }, zeros(4)),
    message: /"a": .*stride/s,
  },
  "a tensor without a shape": {
    bytes: fileOf({ a: { dtype: "F32", data_offsets: [0, 4] } }, zeros(4)),
    message: /"a": .*shape/s,
  },
  "a negative dimension": { bytes: fileOf({ a: f32([-1, -1], 0, 4) }, zeros(4)), message: /"a": .*shape/s },
  "a fraction for an offset": { bytes: fileOf({ a: f32([1], 0.5, 4.5) }, zeros(5)), message: /data_offsets/ },
  "an unknown type": {
    bytes: fileOf({ a: { dtype: "Q4", shape: [1], data_offsets: [0, 4] } }, zeros(4)),
    message: /"a" of type Q4, expected one of F32, F16, BF16/,
  },
  "a type named as an object's own method": {
    bytes: fileOf({ a: { dtype: "toString", shape: [1], data_offsets: [0, 4] } }, zeros(4)),
    message: /"a" of type toString/,
  },
  "fewer bytes than the shape needs": {
    bytes: fileOf({ a: f32([2], 0, 4) }, zeros(4)),
    message: /"a" from byte 0 to 4, expected 8 bytes, as F32 of shape \[2\] has/,
  },
  "more bytes than the shape needs": {
    bytes: fileOf({ a: f32([1], 0, 8) }, zeros(8)),
    message: /"a" from byte 0 to 8, expected 4 bytes/,
  },
  "an end before the beginning": {
    bytes: fileOf({ a: f32([1], 4, 0) }, zeros(4)),
    message: /from byte 4 to 0/,
  },
  "a shape whose product overflows": {
    bytes: fileOf({ a: f32([2 ** 32, 2 ** 32], 0, 0) }),
    message: /"a" from byte 0 to 0/,
  },
  "a gap before the first tensor": {
    bytes: fileOf({ a: f32([1], 4, 8) }, zeros(8)),
    message: /a gap: "a" starts at byte 4, expected byte 0/,
  },
  "a gap between tensors": {
    bytes: fileOf({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, zeros(12)),
    message: /a gap: "b" starts at byte 8, expected byte 4/,
  },
  "tensors that overlap": {
    bytes: fileOf({ a: f32([2], 0, 8), b: f32([1], 4, 8) }, zeros(8)),
    message: /an overlap: "b" starts at byte 4, expected byte 8/,
  },
  "two tensors with the same bytes": {
    bytes: fileOf({ a: f32([1], 0, 4), b: f32([1], 0, 4) }, zeros(4)),
    message: /an overlap: "b"/,
  },
  "data that is cut off": {
    bytes: fileOf({ a: f32([2], 0, 8) }, zeros(7)),
    message: /found 7 bytes of data, expected 8/,
  },
  "bytes after the last tensor": {
    bytes: fileOf({ a: f32([1], 0, 4) }, zeros(5)),
    message: /found 5 bytes of data, expected 4/,
  },
};

for (const [fault, { bytes, message }] of Object.entries(faults)) {
  Deno.test(`refused with its place and reason: ${fault}`, async () => {
    await assert.rejects(readBytes(bytes), (error) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, message);
      assert.match(error.message, /model\.safetensors/);
      assert.match(error.message, /Restore the file/);
      return true;
    });
  });
}

for (const [dtype, size] of [["F64", 8], ["F8_E4M3", 1], ["F8_E5M2", 1], ["C64", 8]] as const) {
  Deno.test(`weights of type ${dtype} are named for what they are, with what to do`, async () => {
    const header = { a: { dtype, shape: [1], data_offsets: [0, size] } };
    await assert.rejects(readBytes(fileOf(header, zeros(size))), (error) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, new RegExp(`"a" of type ${dtype}, which isn't read here, expected .*F32`));
      assert.match(error.message, /model\.float\(\)/);
      assert.doesNotMatch(error.message, /damaged/);
      return true;
    });
  });
}

Deno.test("a Git LFS pointer is named for what it is", async () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"4d".repeat(32)}\nsize 12345\n`;
  await assert.rejects(
    readBytes(encoder.encode(pointer)),
    /found a Git LFS pointer, .*git lfs pull/s,
  );
});

Deno.test("a file that is not there is the user's mistake", async () => {
  await assert.rejects(readSafetensors("missing.safetensors"), InputError);
});

Deno.test("what is written is read back bit by bit, whatever the names", async () => {
  const tensors = new Map<string, Weight>([
    ["z", { shape: [2, 2], data: Float32Array.of(-0, Infinity, 1e-45, Math.PI) }],
    ["__proto__", { shape: [1], data: Float32Array.of(3) }],
    ["10", { shape: [], data: Float32Array.of(-1) }],
    ['naïve "名"\n', { shape: [3, 0], data: new Float32Array() }],
  ]);
  await inFolder(async (folder) => {
    const path = join(folder, "x.safetensors");
    await writeSafetensors(path, tensors);
    const back = await readSafetensors(path);
    assert.deepEqual(new Set(back.keys()), new Set(tensors.keys()));
    for (const [name, { shape, data }] of tensors) {
      assert.deepEqual(back.get(name)?.shape, shape);
      assert.ok(back.get(name)?.data.every((value, index) => Object.is(value, data[index])));
    }
  });
});

Deno.test("a file's bytes depend on the tensors, and not on their order or place in memory", async () => {
  const a = { shape: [2], data: Float32Array.of(1, 2) };
  const b = { shape: [1], data: Float32Array.of(9, 3, 9).subarray(1, 2) };
  await inFolder(async (folder) => {
    await writeSafetensors(join(folder, "1"), new Map([["a", a], ["b", b]]));
    await writeSafetensors(
      join(folder, "2"),
      new Map([["b", { shape: [1], data: b.data.slice() }], ["a", a]]),
    );
    const [first, second] = await Promise.all(["1", "2"].map((name) => Deno.readFile(join(folder, name))));
    assert.deepEqual(first, second);
    const header = '{"__metadata__":{"format":"pt"},' +
      '"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
    const data = [0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64];
    assert.deepEqual(first, fileOf(padded, data));
  });
});

Deno.test("values that don't fill their shape are not written", async () => {
  await inFolder(async (folder) => {
    const tensors = new Map([["a", { shape: [3], data: Float32Array.of(1, 2) }]]);
    await assert.rejects(writeSafetensors(join(folder, "x"), tensors), RangeError);
  });
});

/** First values and totals as the Python package `safetensors` 0.8.0 reads them. */
const references = {
  bert: {
    tensors: 41,
    values: 23491,
    table: "bert.embeddings.word_embeddings.weight",
    shape: [120, 32],
    first: [0.9470094442367554, -1.3159836530685425, 0.3582009971141815],
  },
  roberta: {
    tensors: 41,
    values: 23907,
    table: "roberta.embeddings.word_embeddings.weight",
    shape: [130, 32],
    first: [0.16654962301254272, -0.030577056109905243, 0.05664854124188423],
  },
  gpt2: {
    tensors: 28,
    values: 31808,
    table: "transformer.wte.weight",
    shape: [150, 32],
    first: [0.16617493331432343, 0.1119689866900444, 0.27028247714042664],
  },
};

for (const [family, reference] of Object.entries(references)) {
  Deno.test(`a ${family} checkpoint is read as the reference reads it`, async () => {
    const tensors = await readSafetensors(fixture(`${family}-tiny-random/model.safetensors`));
    const values = [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
    assert.deepEqual([tensors.size, values], [reference.tensors, reference.values]);
    const table = tensors.get(reference.table)!;
    assert.deepEqual(table.shape, reference.shape);
    assert.deepEqual([...table.data.subarray(0, 3)], reference.first);
  });
}

Deno.test("a file that the system doesn't give is refused by one message, whatever the cause", async () => {
  await inFolder(async (folder) => {
    for (const name of ["", "a".repeat(300)]) {
      await assert.rejects(readSafetensors(join(folder, name)), (error) => {
        assert.ok(error instanceof InputError);
        assert.match(error.message, /found a file that can't be read \(/);
        return true;
      });
    }
  });
});
