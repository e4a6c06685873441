import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import type { HubFile } from "./listing.ts";

/** What is known of a file's content while it arrives, piece by piece. */
export interface Content {
  /** How many bytes there are so far. */
  readonly bytes: number;
  add(piece: Uint8Array): void;
  /** Ends the content, and returns its digest of the kind that the hub states, and its SHA-256. */
  digests(): { readonly stated: string; readonly sha256: string };
}

/**
 * Starts the content of a file. Git's digest is the SHA-1 of `blob`, the size and a zero byte, and then the
 * content.
 */
export function emptyContent({ bytes: size, digest: { algorithm } }: HubFile): Content {
  const sha256 = createHash("sha256");
  const git = algorithm === "git" ? createHash("sha1").update(`blob ${size}\0`) : undefined;
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    add(piece) {
      bytes += piece.length;
      sha256.update(piece);
      git?.update(piece);
    },
    digests() {
      const hex = sha256.digest("hex");
      return { stated: git?.digest("hex") ?? hex, sha256: hex };
    },
  };
}

/** Reads what there is of a file's content; none where there is no such file. */
export async function contentAt(path: string, file: HubFile): Promise<Content> {
  const content = emptyContent(file);
  if (!existsSync(path)) return content;
  for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) content.add(piece);
  return content;
}
