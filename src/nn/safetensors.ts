import { z } from "zod";
import { InputError } from "../errors.ts";

/** A tensor in float32, row by row. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Header lengths above this are refused before anything is parsed: the reference implementation's limit. */
const maximumHeaderBytes = 100_000_000;

/** Bytes of one element. What is not listed can't be read; of what is, the integers and truth values are passed over. */
const elementBytes: Readonly<Record<string, number>> = {
  F32: 4,
  F16: 2,
  BF16: 2,
  BOOL: 1,
  I8: 1,
  U8: 1,
  I16: 2,
  U16: 2,
  I32: 4,
  U32: 4,
  I64: 8,
  U64: 8,
};

const metadataSchema = z.record(z.string(), z.string());
const size = z.int().nonnegative();
const entrySchema = z.strictObject({
  dtype: z.string(),
  shape: z.array(size),
  data_offsets: z.tuple([size, size]),
});

/** One tensor's line of the header; offsets count from the end of the header. */
interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads the tensors of a safetensors file: F32 as it is, F16 and BF16 widened to float32. Integer tensors (such as the
 * I64 `position_ids` of older checkpoints) hold no weights and are left out. Aligned F32 tensors are views of one buffer
 * that holds the whole file, so copy before writing into them. Throws InputError for anything that the format does not
 * allow: the header's length and JSON, duplicate names, unknown types, offsets that do not tile the data exactly.
 */
export async function readSafetensors(path: string): Promise<Map<string, Tensor>> {
  const bytes = await read(path);
  const headerEnd = 8 + headerLength(path, bytes);
  const entries = parseHeader(path, bytes.subarray(8, headerEnd));
  const data = bytes.subarray(headerEnd);
  requireTiling(path, entries, data.length);
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
 * Writes tensors as F32. Equal tensors give equal bytes, whatever the map's order: names are sorted, and the header is
 * padded with spaces so that the data starts at a multiple of 8 bytes.
 */
export async function writeSafetensors(path: string, tensors: ReadonlyMap<string, Tensor>): Promise<void> {
  const sorted = [...tensors].sort(([a], [b]) => (a < b ? -1 : 1));
  // PyTorch's transformers library refuses files that do not say which framework's layout they have.
  const header: [string, unknown][] = [["__metadata__", { format: "pt" }]];
  let offset = 0;
  for (const [name, { shape, data }] of sorted) {
    if (elements(shape) !== data.length) {
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
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw broken(path, "no such file", "a safetensors file", cause);
  }
}

function headerLength(path: string, bytes: Uint8Array): number {
  if (bytes.length < 8) {
    throw broken(path, `${bytes.length} bytes`, "at least 8, which hold the length of the header");
  }
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > maximumHeaderBytes) {
    throw broken(path, `a header of ${length} bytes`, `at most ${maximumHeaderBytes}`);
  }
  if (length > bytes.length - 8) {
    throw broken(path, `${bytes.length - 8} bytes after the header's length`, `a header of ${length} bytes`);
  }
  return length;
}

function parseHeader(path: string, bytes: Uint8Array): Entry[] {
  const { text, items } = parseJson(path, bytes);
  const duplicate = duplicateKey(text);
  if (duplicate !== undefined) throw broken(path, `"${duplicate}" twice in the header`, "each name once");
  return items.flatMap(([name, value]) => {
    if (name !== "__metadata__") return [entry(path, name, conforming(path, name, value, entrySchema))];
    conforming(path, name, value, metadataSchema);
    return [];
  });
}

function conforming<Output>(path: string, name: string, value: unknown, schema: z.ZodType<Output>): Output {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw broken(path, `"${name}": ${JSON.stringify(value).slice(0, 100)}`, z.prettifyError(parsed.error));
}

function parseJson(path: string, bytes: Uint8Array): { text: string; items: [string, unknown][] } {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const header: unknown = JSON.parse(text);
    if (typeof header === "object" && header !== null && !Array.isArray(header)) {
      return { text, items: Object.entries(header) };
    }
  } catch (cause) {
    throw broken(path, "a header that is not JSON", "a JSON object that names each tensor", cause);
  }
  throw broken(path, "a header that is not a JSON object", "a JSON object that names each tensor");
}

/** JSON.parse keeps the last of two equal keys silently; two readers could then see two different tensors. */
function duplicateKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, string] of json.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (string !== undefined) {
      const key = JSON.parse(string);
      if (open.at(-1)?.has(key)) return key;
      open.at(-1)?.add(key);
    }
  }
}

function entry(
  path: string,
  name: string,
  { dtype, shape, data_offsets: [begin, end] }: z.output<typeof entrySchema>,
): Entry {
  if (!Object.hasOwn(elementBytes, dtype)) {
    throw broken(path, `"${name}" of type ${dtype}`, `one of ${Object.keys(elementBytes).join(", ")}`);
  }
  const length = elements(shape) * elementBytes[dtype];
  if (end - begin !== length) {
    throw broken(
      path,
      `"${name}" from byte ${begin} to ${end}`,
      `${length} bytes, as ${dtype} of shape [${shape}] has`,
    );
  }
  return { name, dtype, shape, begin, end };
}

/** Bytes that no tensor owns, or that two own, are where a file could say different things to different readers. */
function requireTiling(path: string, entries: readonly Entry[], dataBytes: number): void {
  let covered = 0;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered) {
      const fault = begin < covered ? "an overlap" : "a gap";
      throw broken(path, `${fault}: "${name}" starts at byte ${begin}`, `byte ${covered} of the data`);
    }
    covered = end;
  }
  if (covered !== dataBytes) {
    throw broken(path, `${dataBytes} bytes of data`, `${covered}, where the last tensor ends`);
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

/** Where a typed array finds those bytes: in place if it can start there, else in a copy. */
function aligned(
  bytes: Uint8Array<ArrayBuffer>,
  elementSize: number,
): [ArrayBuffer, offset: number, length: number] {
  const place = bytes.byteOffset % elementSize === 0 ? bytes : bytes.slice();
  return [place.buffer, place.byteOffset, place.byteLength / elementSize];
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
}

function broken(path: string, found: string, expected: string, cause?: unknown): InputError {
  const fix = "Restore the file from where it came from: it is cut off, damaged or not a safetensors file.";
  return new InputError({ at: { file: path }, found, expected, fix }, { cause });
}
