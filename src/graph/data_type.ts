import { DataType as Proto } from "./saved_model_pb.ts";

/** The types that our graphs use; only float32 and int32 cross the border to TypeScript. */
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

/** bfloat16 numbers by their bits. */
export type Bfloat16Array = Uint16Array;

/** The type of the numbers in an array. */
export function dataTypeOf(values: Float32Array | Int32Array | Bfloat16Array): DataType {
  if (values instanceof Float32Array) return "float32";
  return values instanceof Int32Array ? "int32" : "bfloat16";
}

/** Finite numbers rounded to the nearest bfloat16, of two to the even one: the upper half of the bits. */
export function toBfloat16({ buffer, byteOffset, length }: Float32Array): Bfloat16Array {
  const bits = new Uint32Array(buffer, byteOffset, length);
  const rounded = new Uint16Array(length);
  for (let index = 0; index < length; index++) {
    rounded[index] = (bits[index] + 0x7fff + (bits[index] >>> 16 & 1)) >>> 16;
  }
  return rounded;
}
