/** A signature is of an action's statement, and either holds or doesn't. */

import type { KeyObject } from "node:crypto";
import { z } from "zod";
import { InputError } from "../../errors.ts";
import { canonicalJson } from "../store/canonical_json.ts";
import { type ActionKey, type Digest, digestOfFile } from "../store/digest.ts";
import type { ActionRecord } from "../store/record.ts";
import {
  findResult,
  readRecord,
  readSignature,
  recordedKeys,
  recordPath,
  writeSignature,
} from "../store/results.ts";
import type { Store } from "../store/store.ts";
import { type Envelope, keyIdOf, openWith, parseEnvelope, seal } from "./envelope.ts";
import { recordName, statementOf } from "./statement.ts";

export type Signature =
  | { readonly state: "unsigned" }
  | { readonly state: "valid"; readonly keyId: string }
  /** It was made with a key that isn't among the trusted ones; `keyId` is only what the envelope claims. */
  | { readonly state: "unknown"; readonly keyId: string }
  /**
   * A trusted key signed another record than the one that is there; or there is no envelope that can be read.
   */
  | { readonly state: "wrong"; readonly reason: string };

/**
 * Signs an action's statement. The envelope keeps the signed bytes, since a later engine may derive other
 * ones from the record.
 */
export function signAction(store: Store, record: ActionRecord, privateKey: KeyObject): void {
  const envelope = seal(canonicalJson(statementOf(store, record)), privateKey);
  writeSignature(store, record.key, `${JSON.stringify(envelope)}\n`);
}

/** Says whether an action's record is as the owner of one of these keys signed it. */
export function signatureOf(
  store: Store,
  { key }: ActionRecord,
  publicKeys: readonly KeyObject[],
): Signature {
  const text = readSignature(store, key);
  return signatureIn(text, key, () => digestOfFile(recordPath(store, key)), publicKeys);
}

/**
 * Says whether a record is as the owner of one of these keys signed it.
 *
 * @param text the signature's envelope; undefined where there is none
 * @param recordDigest returns the digest of the record's bytes
 */
export function signatureIn(
  text: string | undefined,
  key: ActionKey,
  recordDigest: () => Digest,
  publicKeys: readonly KeyObject[],
): Signature {
  if (text === undefined) return { state: "unsigned" };
  const envelope = envelopeIn(text);
  if (!envelope) return { state: "wrong", reason: "its signature can't be read" };
  for (const publicKey of publicKeys) {
    const payload = openWith(envelope, publicKey);
    if (payload === undefined) continue;
    return speaksOf(key, recordDigest(), payload)
      ? { state: "valid", keyId: keyIdOf(publicKey) }
      : { state: "wrong", reason: "its record isn't the one that was signed" };
  }
  return claimedBy(envelope, publicKeys);
}

/**
 * Returns an action's result as `findResult` does, unless a trusted key signed another one: nothing may be
 * made from that, and signed in its turn.
 *
 * @throws {InputError} where the signature doesn't hold
 */
export function findHonestResult(
  store: Store,
  key: ActionKey,
  publicKeys: readonly KeyObject[],
): ActionRecord | undefined {
  const record = findResult(store, key);
  // Who trusts no key has nothing to check signatures with.
  if (record && publicKeys.length > 0) requireHonest(record, signatureOf(store, record, publicKeys));
  return record;
}

/** @throws {InputError} where a result's signature doesn't hold */
export function requireHonest({ instance }: ActionRecord, signature: Signature): void {
  if (signature.state !== "wrong") return;
  throw new InputError({
    found: `a signature of ${instance} that doesn't hold: ${signature.reason}`,
    expected: "a signature of the result that is there",
    fix: `Make it again: deno task pipeline run ${instance} --force`,
  });
}

/** Checks the signatures of all actions that the store has records of. */
export function verifySignatures(
  store: Store,
  publicKeys: readonly KeyObject[],
): ReadonlyMap<ActionRecord, Signature> {
  const records = recordedKeys(store).flatMap((key) => readRecord(store, key) ?? []);
  return new Map(records.map((record) => [record, signatureOf(store, record, publicKeys)]));
}

function envelopeIn(text: string): Envelope | undefined {
  try {
    return parseEnvelope(text);
  } catch {
    return undefined;
  }
}

const signedSchema = z.object({
  predicate: z.object({
    runDetails: z.object({
      byproducts: z.array(z.object({ name: z.string(), digest: z.object({ sha256: z.string() }) })),
    }),
  }),
});

/** Says whether a statement names the record that is there, byte for byte. */
function speaksOf(key: ActionKey, recordDigest: Digest, payload: string): boolean {
  const { success, data } = signedSchema.safeParse(parsed(payload));
  const [signed] = success ? data.predicate.runDetails.byproducts : [];
  return signed?.name === recordName(key) && signed.digest.sha256 === recordDigest;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function claimedBy({ signatures }: Envelope, publicKeys: readonly KeyObject[]): Signature {
  const claimed = signatures.map(({ keyid = "without an id" }) => keyid);
  const isKnown = publicKeys.some((key) => claimed.includes(keyIdOf(key)));
  const [keyId = "without an id"] = claimed;
  return isKnown
    ? { state: "wrong", reason: "it wasn't signed with the key that it names" }
    : { state: "unknown", keyId };
}
