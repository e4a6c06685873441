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
