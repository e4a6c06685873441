/**
 * An entry of the cache is an ActionResult of Bazel's remote-execution API, which names every file that belongs
 * to a result by its digest, so that a server can tell whether it still has all of them.
 *
 * @see https://github.com/bazelbuild/remote-apis/blob/main/build/bazel/remote/execution/v2/remote_execution.proto
 */

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { digestSchema } from "../store/digest.ts";
import type { FileEntry } from "../store/tree.ts";
import { ActionResultSchema } from "./action_result_pb.ts";

/** The files that an entry names, by their paths in it. */
export type EntryFiles = ReadonlyMap<string, FileEntry>;

/** The path, in an entry, of the record. */
export const recordPlace = "record.json";

/** The path, in an entry, of the record's signature. */
export const signaturePlace = "signature.json";

/** Writes an entry. */
export function writeEntry(files: EntryFiles): Uint8Array<ArrayBuffer> {
  const outputFiles = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, { digest, size }]) => ({
    path,
    digest: { hash: digest, sizeBytes: BigInt(size) },
  }));
  return toBinary(ActionResultSchema, create(ActionResultSchema, { outputFiles }));
}

/** Reads an entry. Returns undefined for bytes that aren't one. */
export function readEntry(bytes: Uint8Array): EntryFiles | undefined {
  try {
    const { outputFiles } = fromBinary(ActionResultSchema, bytes);
    return new Map(outputFiles.map(({ path, digest }) => {
      const size = Number(digest?.sizeBytes);
      if (!Number.isSafeInteger(size) || size < 0) throw new RangeError("no size");
      return [path, { digest: digestSchema.parse(digest?.hash), size }];
    }));
  } catch {
    return undefined;
  }
}
