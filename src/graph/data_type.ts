import { DataType as Proto } from "./saved_model_pb.ts";

/** The types that our graphs use. Only float32 and int32 are fed to a session or fetched from it. */
export type DataType = "float32" | "int32" | "int16" | "bool" | "bfloat16" | "resource";

/** TensorFlow's number for each type. */
export const protoDataTypes: Readonly<Record<DataType, Proto>> = {
  float32: Proto.DT_FLOAT,
  int32: Proto.DT_INT32,
  int16: Proto.DT_INT16,
  bool: Proto.DT_BOOL,
  bfloat16: Proto.DT_BFLOAT16,
  resource: Proto.DT_RESOURCE,
};

/** The bits of bfloat16 numbers, for which JavaScript has no type. */
export type Bfloat16Array = Uint16Array;

/** Returns the type of the numbers in an array. */
export function dataTypeOf(values: Float32Array | Int32Array | Bfloat16Array): DataType {
  if (values instanceof Float32Array) return "float32";
  return values instanceof Int32Array ? "int32" : "bfloat16";
}

/**
 * Rounds finite numbers to the nearest bfloat16, and to the even one of two that are equally near. A bfloat16
 * number is the upper half of the bits of a float32 number.
 */
export function toBfloat16({ buffer, byteOffset, length }: Float32Array): Bfloat16Array {
  const bits = new Uint32Array(buffer, byteOffset, length);
  const rounded = new Uint16Array(length);
  for (let index = 0; index < length; index++) {
    rounded[index] = (bits[index] + 0x7fff + (bits[index] >>> 16 & 1)) >>> 16;
  }
  return rounded;
}
