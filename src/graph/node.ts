import { create } from "@bufbuild/protobuf";
import { type Bfloat16Array, type DataType, dataTypeOf, protoDataTypes } from "./data_type.ts";
import {
  type AttrValue,
  AttrValueSchema,
  type NodeDef,
  NodeDefSchema,
  TensorShapeProtoSchema,
} from "./saved_model_pb.ts";

/**
 * The value of an attribute. A string is the name of a type; other texts are wrapped in an object to tell
 * them apart.
 */
export type Attribute =
  | DataType
  | boolean
  | number
  | { readonly float: number }
  | { readonly text: string }
  | { readonly shape: readonly number[] }
  | { readonly values: Float32Array | Int32Array | Bfloat16Array; readonly shape: readonly number[] };

/** Encodes one node of a graph as TensorFlow reads it. */
export function encodeNode(
  type: string,
  name: string,
  input: string[],
  attributes: Readonly<Record<string, Attribute>> = {},
): NodeDef {
  const attr: Record<string, AttrValue> = {};
  for (const [key, value] of Object.entries(attributes)) attr[key] = encodeAttribute(value);
  return create(NodeDefSchema, { name, op: type, input, attr });
}

function encodeAttribute(value: Attribute): AttrValue {
  const of = (kind: AttrValue["value"]) => create(AttrValueSchema, { value: kind });
  if (typeof value === "string") return of({ case: "type", value: protoDataTypes[value] });
  if (typeof value === "boolean") return of({ case: "b", value });
  if (typeof value === "number") return of({ case: "i", value: BigInt(value) });
  if ("float" in value) return of({ case: "f", value: value.float });
  if ("text" in value) return of({ case: "s", value: new TextEncoder().encode(value.text) });
  const shape = create(TensorShapeProtoSchema, { dim: value.shape.map((size) => ({ size: BigInt(size) })) });
  if (!("values" in value)) return of({ case: "shape", value: shape });
  const { buffer, byteOffset, byteLength } = value.values;
  const dtype = protoDataTypes[dataTypeOf(value.values)];
  const tensorContent = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
  return create(AttrValueSchema, {
    value: {
      case: "tensor",
      value: { $typeName: "tensorflow.TensorProto", dtype, tensorShape: shape, tensorContent },
    },
  });
}
