/** Where two files differ first: for JSON the path, for safetensors the tensor and element, otherwise the byte. */

import { firstTensorDifference } from "./compare_tensors.ts";
import type { Tolerance } from "../stage.ts";

export interface FirstDifference {
  /** `line 3: $.logits[0]`, `tensor encoder.weight, element 17`, `byte 1024`. */
  readonly place: string;
  readonly before: string;
  readonly after: string;
}

/**
 * @param name the file's, whose ending tells what it is
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
  // Without a tolerance even a space is a difference, where the values have none.
  return jsonDifference(old, current, "", tolerance ?? {}) ?? (tolerance ? undefined : inBytes);
}

function firstByteDifference(before: Uint8Array, after: Uint8Array): FirstDifference | undefined {
  const length = Math.max(before.length, after.length);
  for (let at = 0; at < length; at++) {
    if (before[at] === after[at]) continue;
    const [old, current] = [before, after].map((bytes) =>
      at < bytes.length ? `0x${hex(bytes[at])}` : "the end"
    );
    return { place: `byte ${at}`, before: old, after: current };
  }
  return undefined;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

/** A JSON file's value, or those of a JSON Lines file by line; undefined where it is neither. */
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
