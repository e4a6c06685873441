import { z } from "zod";
import { InputError } from "../errors.ts";
import { isPointer, pointerFound } from "./lfs_pointer.ts";

/** The largest header that is parsed, which is also the reference implementation's limit. */
const maximumHeaderBytes = 100_000_000;

/** The bytes of one element of each type that a weights file may hold. */
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

/**
 * A tensor's type, its shape, and its place: from byte `begin` up to, but not including, byte `end` of the
 * data behind the header.
 */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads the header of a safetensors file, given all of its bytes. Throws InputError for anything that the
 * format does not allow, be it in the header's length, its JSON, names that occur twice, unknown types, or
 * offsets that do not tile the data exactly.
 */
export function parseSafetensorsHeader(
  path: string,
  bytes: Uint8Array,
): { readonly entries: readonly TensorEntry[]; readonly dataStart: number } {
  if (isPointer(new TextDecoder().decode(bytes.subarray(0, 100)))) {
    throw pointerFound(path, "a safetensors file");
  }
  const dataStart = 8 + headerLength(path, bytes);
  const entries = parseEntries(path, bytes.subarray(8, dataStart));
  requireTiling(path, entries, bytes.length - dataStart);
  return { entries, dataStart };
}

/** Returns the number of elements of a tensor of that shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
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

function parseEntries(path: string, bytes: Uint8Array): TensorEntry[] {
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

/**
 * Returns the first key that an object of the header has twice. JSON.parse silently keeps the last of two
 * equal keys, so two readers could see two different tensors. The text is known to be JSON here, so strings
 * and braces suffice; a pattern for whole strings would overflow the stack on a long one.
 */
function duplicateKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  const colon = /\s*:/y;
  let start: number | undefined; // where the current string begins
  for (const { 0: token, index } of json.matchAll(/\\.|["{}]/g)) {
    if (token === '"' && start === undefined) start = index;
    else if (token === '"') {
      colon.lastIndex = index + 1;
      const key: string | undefined = colon.test(json) ? JSON.parse(json.slice(start, index + 1)) : undefined;
      if (key !== undefined && open.at(-1)?.has(key)) return key;
      if (key !== undefined) open.at(-1)?.add(key);
      start = undefined;
    } else if (start === undefined && token === "{") open.push(new Set());
    else if (start === undefined && token === "}") open.pop();
  }
}

function entry(
  path: string,
  name: string,
  { dtype, shape, data_offsets: [begin, end] }: z.output<typeof entrySchema>,
): TensorEntry {
  if (/^(F64|C64|F8_\w+|F6_\w+|F4)$/.test(dtype)) {
    throw new InputError({
      at: { file: path },
      found: `"${name}" of type ${dtype}, which isn't read here`,
      expected: "weights of type F32, F16 or BF16",
      fix: "Save the checkpoint in float32, in transformers by `model.float().save_pretrained(folder)`.",
    });
  }
  if (!Object.hasOwn(elementBytes, dtype)) {
    throw broken(path, `"${name}" of type ${dtype}`, `one of ${Object.keys(elementBytes).join(", ")}`);
  }
  const length = elementCount(shape) * elementBytes[dtype];
  if (end - begin !== length) {
    throw broken(
      path,
      `"${name}" from byte ${begin} to ${end}`,
      `${length} bytes, as ${dtype} of shape [${shape}] has`,
    );
  }
  return { name, dtype, shape, begin, end };
}

/**
 * Throws unless the tensors tile the data. Bytes that belong to no tensor, or to two, could say different
 * things to different readers.
 */
function requireTiling(path: string, entries: readonly TensorEntry[], dataBytes: number): void {
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

function broken(path: string, found: string, expected: string, cause?: unknown): InputError {
  const fix = "Restore the file from where it came from: it is cut off, damaged or not a safetensors file.";
  return new InputError({ at: { file: path }, found, expected, fix }, { cause });
}
