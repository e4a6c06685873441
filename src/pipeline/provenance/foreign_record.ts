/** A record that came from elsewhere is checked before anything of it is believed. */

import type { KeyObject } from "node:crypto";
import { type ActionKey, digestOf } from "../store/digest.ts";
import { type ActionRecord, disagreementIn, parseForeignRecord } from "../store/record.ts";
import { type Signature, signatureIn } from "./signatures.ts";

/** A record's bytes, as whoever offers it has them, and its signature's envelope if it has one. */
export interface ForeignText {
  readonly text: string;
  readonly signature: string | undefined;
}

/** A record that holds, or what was found in its place. */
export type ForeignRecord =
  | { readonly record: ActionRecord; readonly signature: Signature }
  | { readonly record?: never; readonly found: string; readonly expected: string };

/**
 * Checks that a text is the record of an action: that it agrees with its own digests, has the action's key,
 * and, where a trusted key signed one, is the record that was signed.
 */
export function checkForeignRecord(
  { text, signature: envelope }: ForeignText,
  key: ActionKey,
  publicKeys: readonly KeyObject[],
): ForeignRecord {
  const { record, wrongName } = { wrongName: undefined, ...parseForeignRecord(text) };
  if (wrongName !== undefined) return { found: wrongName, expected: "names within their folder" };
  if (!record) return { found: "no record that can be read", expected: `that of action ${key}` };
  const wrong = disagreementIn(record);
  if (wrong) {
    return { found: `${wrong.found} for ${wrong.what}`, expected: `${wrong.stated}, as it states` };
  }
  if (record.key !== key) return { found: `the record of action ${record.key}`, expected: `that of ${key}` };
  const signature = signatureIn(envelope, key, () => digestOf(text), publicKeys);
  if (signature.state === "wrong") return { found: signature.reason, expected: "what was signed" };
  return { record, signature };
}
