import { InputError } from "../errors.ts";
import type { Weight } from "../graph/weights.ts";
import { elementCount, parseSafetensorsHeader } from "./safetensors_header.ts";

/**
 * Reads the tensors of a safetensors file: F32 as it is, F16 and BF16 widened to float32. Integer tensors
 * (such as the I64 `position_ids` of older checkpoints) hold no weights and are left out. Aligned F32 tensors
 * are views of one buffer that holds the whole file, so copy them before writing into them. Throws InputError
 * for a file that is missing or broken.
 */
export async function readSafetensors(path: string): Promise<Map<string, Weight>> {
  const bytes = await read(path);
  const { entries, dataStart } = parseSafetensorsHeader(path, bytes);
  const data = bytes.subarray(dataStart);
  return new Map(
    entries
      .filter(({ dtype }) => dtype in toFloat32)
      .map(({ name, dtype, shape, begin, end }) => [
        name,
        { shape, data: toFloat32[dtype](data.subarray(begin, end)) },
      ]),
  );
}

/**
 * Writes tensors as F32. Equal tensors give equal bytes, whatever the map's order: names are sorted, and the
 * header is padded with spaces so that the data starts at a multiple of 8 bytes.
 */
export async function writeSafetensors(path: string, tensors: ReadonlyMap<string, Weight>): Promise<void> {
  const sorted = [...tensors].sort(([a], [b]) => (a < b ? -1 : 1));
  // The transformers library refuses files that do not name the framework whose layout they have.
  const header: [string, unknown][] = [["__metadata__", { format: "pt" }]];
  let offset = 0;
  for (const [name, { shape, data }] of sorted) {
    if (elementCount(shape) !== data.length) {
      throw new RangeError(`${name}: ${data.length} values for [${shape}]`);
    }
    header.push([name, { dtype: "F32", shape, data_offsets: [offset, offset += data.byteLength] }]);
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const start = new Uint8Array(8 + Math.ceil(json.length / 8) * 8).fill(" ".charCodeAt(0));
  new DataView(start.buffer).setBigUint64(0, BigInt(start.length - 8), true);
  start.set(json, 8);

  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  await writeAll(file, start);
  for (const [, { data }] of sorted) {
    await writeAll(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
}

async function read(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (cause) {
    if (!(cause instanceof Error) || cause instanceof Deno.errors.NotCapable) throw cause;
    const found = cause instanceof Deno.errors.NotFound
      ? "no file"
      : `a file that can't be read (${cause.message})`;
    const fix = "Give the path of an existing file.";
    throw new InputError({ at: { file: path }, found, expected: "a safetensors file", fix }, { cause });
  }
}

const toFloat32: Readonly<Record<string, (bytes: Uint8Array<ArrayBuffer>) => Float32Array>> = {
  F32: (bytes) => new Float32Array(...aligned(bytes, 4)),
  F16: (bytes) => Float32Array.from(new Float16Array(...aligned(bytes, 2))),
  BF16: (bytes) => {
    const halves = new Uint16Array(...aligned(bytes, 2));
    // A BF16 number is the upper half of the float32 number that it stands for.
    return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer);
  },
};

/**
 * Returns what a typed array over these bytes is made from: their own buffer if it can start there, or a
 * copy.
 */
function aligned(
  bytes: Uint8Array<ArrayBuffer>,
  elementSize: number,
): [ArrayBuffer, offset: number, length: number] {
  const place = bytes.byteOffset % elementSize === 0 ? bytes : bytes.slice();
  return [place.buffer, place.byteOffset, place.byteLength / elementSize];
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
}
