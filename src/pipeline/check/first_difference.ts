/**
 * The first difference between two files is, for JSON, a path; for safetensors, a tensor and an element;
 * otherwise a byte.
 */

import { z } from "zod";
import type { Tolerance } from "../stage.ts";

export interface FirstDifference {
  /** Such as `line 3: $.logits[0]`, `tensor encoder.weight, element 17` or `byte 1024`. */
  readonly place: string;
  readonly before: string;
  readonly after: string;
}

/**
 * Finds the first difference between two files.
 *
 * @param name the file's name, whose ending tells what it is
 * @param tolerance for the numbers in a JSON or JSON Lines file
 * @returns undefined where the files are the same, within the tolerance
 */
export function firstDifference(
  name: string,
  before: Uint8Array,
  after: Uint8Array,
  tolerance?: Tolerance,
): FirstDifference | undefined {
  const inBytes = firstByteDifference(before, after);
  if (!inBytes) return undefined;
  if (name.endsWith(".safetensors")) return firstTensorDifference(before, after) ?? inBytes;
  const [old, current] = [before, after].map((bytes) => jsonIn(name, bytes));
  if (!old || !current) return inBytes;
  // Without a tolerance, files with equal values still differ, if only by a space.
  return jsonDifference(old, current, "", tolerance ?? {}) ?? (tolerance ? undefined : inBytes);
}

function firstByteDifference(before: Uint8Array, after: Uint8Array): FirstDifference | undefined {
  const length = Math.max(before.length, after.length);
  for (let at = 0; at < length; at++) {
    if (before[at] === after[at]) continue;
    return { place: `byte ${at}`, before: byteText(before[at]), after: byteText(after[at]) };
  }
  return undefined;
}

function byteText(byte: number | undefined): string {
  return byte === undefined ? "the end" : `0x${hex(byte)}`;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

/**
 * Returns a JSON file's value, or those of a JSON Lines file by line; undefined where the file is neither.
 */
function jsonIn(name: string, bytes: Uint8Array): unknown {
  const text = new TextDecoder().decode(bytes);
  try {
    if (name.endsWith(".json")) return { $: JSON.parse(text) };
    if (!name.endsWith(".jsonl")) return undefined;
    const lines = text.split("\n").filter((line) => line !== "");
    return Object.fromEntries(lines.map((line, index) => [`line ${index + 1}: $`, JSON.parse(line)]));
  } catch {
    return undefined;
  }
}

function jsonDifference(
  before: unknown,
  after: unknown,
  place: string,
  tolerance: Tolerance,
): FirstDifference | undefined {
  if (isContainer(before) && isContainer(after) && Array.isArray(before) === Array.isArray(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const inner = Array.isArray(before) ? `${place}[${name}]` : place ? `${place}.${name}` : name;
      const difference = jsonDifference(member(before, name), member(after, name), inner, tolerance);
      if (difference) return difference;
    }
    return undefined;
  }
  const same = typeof before === "number" && typeof after === "number"
    ? isClose(before, after, tolerance)
    : before === after;
  return same ? undefined : { place, before: shown(before), after: shown(after) };
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function member(container: object, name: string): unknown {
  return Object.hasOwn(container, name) ? Reflect.get(container, name) : undefined;
}

function isClose(before: number, after: number, { absolute = 0, relative = 0 }: Tolerance): boolean {
  const distance = Math.abs(before - after);
  return distance <= absolute || distance <= relative * Math.max(Math.abs(before), Math.abs(after));
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

const tensorSchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int()),
  data_offsets: z.tuple([z.int(), z.int()]),
});

interface Tensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

const headerStart = 8; // the header follows its own length, a little-endian u64

/**
 * Finds the first tensor, by name, in which two safetensors files differ. Knows no more of the format than
 * the layout, and compares bits. Returns undefined where the files aren't whole or no tensor differs.
 */
function firstTensorDifference(before: Uint8Array, after: Uint8Array): FirstDifference | undefined {
  const [old, current] = [before, after].map(tensorsIn);
  if (!old || !current) return undefined;
  for (const name of [...new Set([...old.keys(), ...current.keys()])].sort()) {
    const difference = tensorDifference(old.get(name), current.get(name));
    if (difference) return { ...difference, place: `tensor ${name}${difference.place}` };
  }
  return undefined;
}

function tensorsIn(file: Uint8Array): ReadonlyMap<string, Tensor> | undefined {
  try {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    const dataStart = headerStart + Number(view.getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(file.subarray(headerStart, dataStart)));
    const { __metadata__: _, ...described } = header;
    const tensors = z.record(z.string(), tensorSchema).parse(described);
    return new Map(
      Object.entries(tensors).map(([name, { dtype, shape, data_offsets: [start, end] }]) =>
        [name, { dtype, shape, bytes: file.subarray(dataStart + start, dataStart + end) }] as const
      ),
    );
  } catch {
    return undefined; // not a whole safetensors file
  }
}

function tensorDifference(
  before: Tensor | undefined,
  after: Tensor | undefined,
): FirstDifference | undefined {
  const [old, current] = [typeText(before), typeText(after)];
  if (!before || !after || old !== current) return { place: "", before: old, after: current };
  const at = before.bytes.findIndex((byte, index) => byte !== after.bytes[index]);
  if (at < 0) return undefined;
  const elements = Math.max(1, before.shape.reduce((product, size) => product * size, 1));
  const width = before.bytes.length / elements;
  const element = Math.floor(at / width);
  const textIn = ({ dtype, bytes }: Tensor) =>
    elementText(dtype, bytes.slice(element * width, (element + 1) * width));
  return { place: `, element ${element}`, before: textIn(before), after: textIn(after) };
}

/** Describes a tensor, such as `F32[2,3]`. */
function typeText(tensor: Tensor | undefined): string {
  return tensor ? `${tensor.dtype}[${tensor.shape.join(",")}]` : "nothing";
}

/** Writes an element's value, or its bits where JavaScript has no such type. */
function elementText(dtype: string, bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer);
  switch (dtype) {
    case "F32":
      return String(view.getFloat32(0, true));
    case "F64":
      return String(view.getFloat64(0, true));
    case "I32":
      return String(view.getInt32(0, true));
    case "I64":
      return String(view.getBigInt64(0, true));
    default:
      return `0x${[...bytes].reverse().map(hex).join("")}`;
  }
}
