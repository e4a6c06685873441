/**
 * DSSE defines signed envelopes; here they are signed with Ed25519.
 *
 * @see https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
 */

import { Buffer } from "node:buffer";
import { createHash, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { z } from "zod";

const envelopeSchema = z.strictObject({
  payloadType: z.string(),
  payload: z.base64(),
  signatures: z.array(z.object({ keyid: z.string().optional(), sig: z.base64() })).min(1),
});

export type Envelope = z.output<typeof envelopeSchema>;

/** The payload type of an in-toto statement's envelope. */
const statementType = "application/vnd.in-toto+json";

/**
 * Reads an envelope.
 *
 * @throws {Error} for a text that isn't one
 */
export function parseEnvelope(text: string): Envelope {
  return envelopeSchema.parse(JSON.parse(text));
}

/** Signs a payload of type `statementType` with an Ed25519 key. */
export function seal(payload: string, privateKey: KeyObject): Envelope {
  const bytes = Buffer.from(payload);
  const signature = sign(null, preAuthenticationEncoding(statementType, bytes), privateKey);
  return {
    payloadType: statementType,
    payload: bytes.toString("base64"),
    signatures: [{ keyid: keyIdOf(createPublicKey(privateKey)), sig: signature.toString("base64") }],
  };
}

/**
 * Returns the payload if this key signed it, and undefined otherwise. The envelope's key ids are hints, and
 * aren't believed.
 */
export function openWith(
  { payloadType, payload, signatures }: Envelope,
  publicKey: KeyObject,
): string | undefined {
  const bytes = Buffer.from(payload, "base64");
  const signed = preAuthenticationEncoding(payloadType, bytes);
  const isSigned = signatures.some(({ sig }) => verify(null, signed, publicKey, Buffer.from(sig, "base64")));
  return isSigned && payloadType === statementType ? bytes.toString() : undefined;
}

/** Returns a public key's id, the SHA-256 of its DER encoding (SPKI). */
export function keyIdOf(publicKey: KeyObject): string {
  return createHash("sha256").update(publicKey.export({ type: "spki", format: "der" })).digest("hex");
}

function preAuthenticationEncoding(type: string, body: Uint8Array): Uint8Array {
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${body.length} `;
  return Buffer.concat([Buffer.from(head), body]);
}
