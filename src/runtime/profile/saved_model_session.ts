/** Opens a SavedModel's session through TensorFlow's C API. */

import { fromBinary } from "@bufbuild/protobuf";
import { DataType, SavedModelSchema, type SignatureDef } from "../../graph/saved_model_pb.ts";
import type { Feed } from "../feeds.ts";
import { type Address, bufferContent, checked, copyOf, cString, type TensorFlowLibrary } from "./c_api.ts";

/** Fetched values by the names of outputs. */
export type Values = Readonly<Record<string, Float32Array | Int32Array>>;

/** A SavedModel in a session of its own. */
export interface SavedModelSession {
  /**
   * Runs a signature with feeds that fit it.
   *
   * @param options an encoded RunOptions; without it TensorFlow's defaults apply
   * @returns what was fetched, and the run's encoded RunMetadata where options were given
   */
  run(
    signature: string,
    feeds: Readonly<Record<string, Feed>>,
    options?: Uint8Array<ArrayBuffer>,
  ): { readonly values: Values; readonly metadata: Uint8Array | undefined };
  close(): void;
}

/**
 * Loads a SavedModel.
 *
 * @param folder where `savedModel` is written as saved_model.pb
 */
export function loadSavedModel(
  library: TensorFlowLibrary,
  folder: string,
  savedModel: Uint8Array,
): SavedModelSession {
  const [{ signatureDef: signatures }] = fromBinary(SavedModelSchema, savedModel).metaGraphs;
  const graph = library.TF_NewGraph();
  const session = openSession(library, folder, graph);
  const ports = (tensors: SignatureDef["inputs"]) => portsOf(library, graph, tensors);
  return {
    run(name, feeds, options) {
      const { inputs, outputs } = signatures[name];
      const fed = Object.entries(inputs).map(([input, { dtype }]) =>
        makeTensor(library, feeds[input], dtype)
      );
      const fetched = new BigUint64Array(Object.keys(outputs).length);
      const runOptions = options ? library.TF_NewBufferFromString(options, BigInt(options.length)) : 0n;
      const metadata = options ? library.TF_NewBuffer() : 0n;
      try {
        checked(library, (status) =>
          library.TF_SessionRun(
            ...[session, runOptions, ports(inputs), BigUint64Array.from(fed), fed.length] as const,
            ...[ports(outputs), fetched, fetched.length, 0n, 0, metadata, status] as const,
          ));
        const values = Object.keys(outputs).map((output, index) =>
          [output, valuesOf(library, fetched[index])] as const
        );
        return {
          values: Object.fromEntries(values),
          metadata: options && bufferContent(library, metadata),
        };
      } finally {
        [...fed, ...fetched].forEach((tensor) => library.TF_DeleteTensor(tensor));
        [runOptions, metadata].forEach((buffer) => library.TF_DeleteBuffer(buffer));
      }
    },
    close() {
      checked(library, (status) => library.TF_CloseSession(session, status));
      checked(library, (status) => library.TF_DeleteSession(session, status));
      library.TF_DeleteGraph(graph);
    },
  };
}

function openSession(library: TensorFlowLibrary, folder: string, graph: Address): Address {
  const options = library.TF_NewSessionOptions();
  const tag = library.strdup(cString("serve")); // the list of tags holds addresses
  try {
    return checked(library, (status) =>
      library.TF_LoadSessionFromSavedModel(
        ...[options, 0n, cString(folder), BigUint64Array.of(tag), 1, graph, 0n, status] as const,
      ));
  } finally {
    library.free(tag);
    library.TF_DeleteSessionOptions(options);
  }
}

/** Returns the places of a signature's tensors in the graph, as an array of TF_Output. */
function portsOf(
  library: TensorFlowLibrary,
  graph: Address,
  tensors: SignatureDef["inputs"],
): BigUint64Array {
  const references = Object.values(tensors).map(({ name }) => name.split(":"));
  // A TF_Output is an operation's address and a 32-bit number, padded so that the next address is aligned.
  return BigUint64Array.from(references.flatMap(([operation, index]) => [
    library.TF_GraphOperationByName(graph, cString(operation)),
    BigInt(index),
  ]));
}

function makeTensor(library: TensorFlowLibrary, feed: Feed, dtype: DataType): Address {
  const { values, shape } = typeof feed === "number"
    ? { values: dtype === DataType.DT_FLOAT ? Float32Array.of(feed) : Int32Array.of(feed), shape: [] }
    : feed;
  const length = BigInt(values.byteLength);
  const dimensions = BigInt64Array.from(shape, BigInt);
  const tensor = library.TF_AllocateTensor(dtype, dimensions, shape.length, length);
  if (length > 0n) library.copyTo(library.TF_TensorData(tensor), values as BufferSource, length);
  return tensor;
}

function valuesOf(library: TensorFlowLibrary, tensor: Address): Float32Array | Int32Array {
  const { buffer } = copyOf(library, library.TF_TensorData(tensor), library.TF_TensorByteSize(tensor));
  return library.TF_TensorType(tensor) === DataType.DT_FLOAT
    ? new Float32Array(buffer)
    : new Int32Array(buffer);
}
