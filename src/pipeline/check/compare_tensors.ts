/** Where two safetensors files differ first. The engine knows the file's layout only, and compares bits. */

import { z } from "zod";
import type { FirstDifference } from "./first_difference.ts";

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

const headerStart = 8; // after the header's length, a little-endian u64

/** The first tensor, by name, that both don't have alike; undefined where that can't be told from the files. */
export function firstTensorDifference(before: Uint8Array, after: Uint8Array): FirstDifference | undefined {
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
  const [old, current] = [before, after].map((tensor) =>
    tensor ? `${tensor.dtype}[${tensor.shape.join(",")}]` : "nothing"
  );
  if (!before || !after || old !== current) return { place: "", before: old, after: current };
  const at = before.bytes.findIndex((byte, index) => byte !== after.bytes[index]);
  if (at < 0) return undefined;
  const elements = Math.max(1, before.shape.reduce((product, size) => product * size, 1));
  const width = before.bytes.length / elements;
  const element = Math.floor(at / width);
  const [oldValue, value] = [before, after].map(({ dtype, bytes }) =>
    elementText(dtype, bytes.slice(element * width, (element + 1) * width))
  );
  return { place: `, element ${element}`, before: oldValue, after: value };
}

/** An element's value; its bits, where JavaScript has no such type. */
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
      return `0x${[...bytes].reverse().map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  }
}
