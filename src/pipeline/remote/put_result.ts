/** A result is put into a remote cache: its files first, and last the entry that names them. */

import { readIfThere } from "../store/atomic.ts";
import { blobPath, hasBlob } from "../store/blobs.ts";
import { digestOf } from "../store/digest.ts";
import { blobsOf, sizeOf } from "../store/lineage.ts";
import type { ActionRecord } from "../store/record.ts";
import { readSignature, recordPath } from "../store/results.ts";
import type { Store } from "../store/store.ts";
import type { FileEntry } from "../store/tree.ts";
import { recordPlace, signaturePlace, writeEntry } from "./action_result.ts";
import type { Content } from "./exchange.ts";
import { entryPath, filePath, type Storage } from "./storage.ts";
import { UnfitEntry } from "./trouble.ts";

/** How many files the cache hadn't got before, and their bytes. */
export interface Put {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Puts a result, with its record and the record's signature.
 *
 * @param afresh whether to put files, too, that the cache says it has, since they may be damaged there
 * @throws {UnfitEntry} where a file is damaged here, or too large for the cache
 * @throws {CacheUnavailable} where the cache doesn't serve
 */
export async function putResult(
  storage: Storage,
  store: Store,
  record: ActionRecord,
  { afresh }: { readonly afresh: boolean },
): Promise<Put> {
  const contents = contentsOf(store, record);
  const files = new Map([...contents.values()].map((content) => [content.digest, content]));
  const sent = await Promise.all([...files.values()].map(async (content) => {
    const path = filePath(content.digest);
    if (!afresh && await storage.has(path, content.size)) return [];
    await storage.put(path, content);
    return [content.size];
  }));
  await storage.put(entryPath(record.key), contentOf(writeEntry(contents)));
  return { files: sent.flat().length, bytes: sent.flat().reduce((sum, size) => sum + size, 0) };
}

/** Returns all that belongs to a result, by its path in the entry. */
function contentsOf(store: Store, record: ActionRecord): ReadonlyMap<string, Content> {
  const text = readIfThere(recordPath(store, record.key));
  if (text === undefined) throw new UnfitEntry("its record is gone");
  const envelope = readSignature(store, record.key);
  const outputs = Object.entries(record.files).map(([path, entry]) =>
    [`outputs/${path}`, blobContent(store, entry)] as const
  );
  const made = new Set(outputs.map(([, { digest }]) => digest));
  const others = [...blobsOf(store, record).keys()].filter((digest) => !made.has(digest)).map((digest) => {
    const size = sizeOf(blobPath(store, digest)) ?? 0;
    return [`inputs/${digest}`, blobContent(store, { digest, size })] as const;
  });
  return new Map<string, Content>([
    ...outputs,
    ...others,
    [recordPlace, contentOf(new TextEncoder().encode(text))],
    ...(envelope === undefined
      ? []
      : [[signaturePlace, contentOf(new TextEncoder().encode(envelope))] as const]),
  ]);
}

function blobContent(store: Store, { digest, size }: FileEntry): Content {
  if (!hasBlob(store, digest)) throw new UnfitEntry(`its file ${digest} is damaged here`);
  return { digest, size, from: { file: blobPath(store, digest) } };
}

function contentOf(bytes: Uint8Array): Content {
  return { digest: digestOf(bytes), size: bytes.length, from: bytes };
}
