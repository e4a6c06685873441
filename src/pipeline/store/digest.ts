/** Content is named by its SHA-256 digest. */

import { createHash } from "node:crypto";
import { z } from "zod";

declare const digestBrand: unique symbol;
declare const actionKeyBrand: unique symbol;

/** SHA-256 of some content, in hexadecimal. */
export type Digest = string & { readonly [digestBrand]: true };

export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/).transform((text) => text as Digest);

/** SHA-256 of a pre-image: everything that may change a stage's result. */
export type ActionKey = string & { readonly [actionKeyBrand]: true };

export const actionKeySchema = z.string().regex(/^[0-9a-f]{64}$/).transform((text) => text as ActionKey);

/** Checks a text that should be an action's key. Returns undefined where it can't be one. */
export function parseActionKey(text: string): ActionKey | undefined {
  return actionKeySchema.safeParse(text).data;
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Returns the digest of a text (as UTF-8) or of bytes. */
export function digestOf(content: string | Uint8Array): Digest {
  return createHash("sha256").update(content).digest("hex") as Digest;
}

/**
 * Returns the digest of a file's content, which is read in pieces, so that it may be larger than the memory.
 */
export function digestOfFile(path: string): Digest {
  const hash = createHash("sha256");
  using file = Deno.openSync(path);
  const piece = new Uint8Array(1 << 20);
  for (let count = file.readSync(piece); count !== null; count = file.readSync(piece)) {
    hash.update(piece.subarray(0, count));
  }
  return hash.digest("hex") as Digest;
}
