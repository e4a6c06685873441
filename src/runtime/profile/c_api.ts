/**
 * Declares the part of TensorFlow's C API (tensorflow/c/c_api.h) that TensorFlow.js gives no access to.
 * Addresses are plain numbers here, and memory is copied, because a view of foreign memory would need a
 * permission for all of FFI.
 */

const symbols = {
  TF_NewStatus: { parameters: [], result: "u64" },
  TF_DeleteStatus: { parameters: ["u64"], result: "void" },
  TF_GetCode: { parameters: ["u64"], result: "i32" },
  TF_Message: { parameters: ["u64"], result: "u64" },
  TF_NewBuffer: { parameters: [], result: "u64" },
  TF_NewBufferFromString: { parameters: ["buffer", "usize"], result: "u64" },
  TF_DeleteBuffer: { parameters: ["u64"], result: "void" },
  TF_NewGraph: { parameters: [], result: "u64" },
  TF_DeleteGraph: { parameters: ["u64"], result: "void" },
  TF_GraphOperationByName: { parameters: ["u64", "buffer"], result: "u64" },
  TF_NewSessionOptions: { parameters: [], result: "u64" },
  TF_DeleteSessionOptions: { parameters: ["u64"], result: "void" },
  TF_LoadSessionFromSavedModel: {
    // The parameters are options, run options, folder, tags, their number, graph, meta graph and status.
    parameters: ["u64", "u64", "buffer", "buffer", "i32", "u64", "u64", "u64"],
    result: "u64",
  },
  TF_SessionRun: {
    // The parameters are session, run options, inputs with their values and number, outputs with theirs,
    // targets with their number, metadata and status.
    parameters: [
      ...["u64", "u64", "buffer", "buffer", "i32", "buffer", "buffer", "i32"] as const,
      ...["u64", "i32", "u64", "u64"] as const,
    ],
    result: "void",
  },
  TF_CloseSession: { parameters: ["u64", "u64"], result: "void" },
  TF_DeleteSession: { parameters: ["u64", "u64"], result: "void" },
  TF_AllocateTensor: { parameters: ["i32", "buffer", "i32", "usize"], result: "u64" },
  TF_DeleteTensor: { parameters: ["u64"], result: "void" },
  TF_TensorType: { parameters: ["u64"], result: "i32" },
  TF_TensorByteSize: { parameters: ["u64"], result: "usize" },
  TF_TensorData: { parameters: ["u64"], result: "u64" },
  // These belong to the C library, which libtensorflow brings with it.
  strlen: { parameters: ["u64"], result: "usize" },
  strdup: { parameters: ["buffer"], result: "u64" },
  free: { parameters: ["u64"], result: "void" },
  copyFrom: { name: "memcpy", parameters: ["buffer", "u64", "usize"], result: "u64" },
  copyTo: { name: "memcpy", parameters: ["u64", "buffer", "usize"], result: "u64" },
} as const;

/** The address of something that libtensorflow holds. */
export type Address = bigint;

/** The functions of libtensorflow. */
export type TensorFlowLibrary = Deno.DynamicLibrary<typeof symbols>["symbols"];

/**
 * Opens the libtensorflow that a library is linked to.
 *
 * @param binding the path of TensorFlow.js's binding. It must be loaded already and stay so, since
 *   libtensorflow doesn't survive being unloaded.
 */
export function openLibrary(binding: string): TensorFlowLibrary {
  return Deno.dlopen(binding, symbols).symbols;
}

/**
 * Calls a function that reports in a status whether it succeeded. Throws with TensorFlow's message where it
 * didn't.
 */
export function checked<Result>(library: TensorFlowLibrary, call: (status: Address) => Result): Result {
  const status = library.TF_NewStatus();
  try {
    const result = call(status);
    if (library.TF_GetCode(status) === 0) return result;
    const message = library.TF_Message(status);
    const bytes = copyOf(library, message, library.strlen(message));
    throw new Error(`TensorFlow: ${new TextDecoder().decode(bytes)}`);
  } finally {
    library.TF_DeleteStatus(status);
  }
}

/** Copies the bytes at an address. */
export function copyOf(
  library: TensorFlowLibrary,
  address: Address,
  length: bigint,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Number(length));
  if (length > 0n) library.copyFrom(bytes, address, length);
  return bytes;
}

/** Copies the bytes that a TF_Buffer holds. It starts with their address and their number. */
export function bufferContent(library: TensorFlowLibrary, buffer: Address): Uint8Array {
  const [data, length] = new BigUint64Array(copyOf(library, buffer, 16n).buffer);
  return copyOf(library, data, length);
}

/** Encodes a text as C does, with a zero byte at its end. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}
