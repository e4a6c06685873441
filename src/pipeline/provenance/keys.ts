/**
 * Keys to sign with are kept outside the project: `ed25519.pem` is the user's private key, and each `*.pub`
 * beside it a public key whose signatures the user trusts, the user's own among them.
 */

import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { join } from "node:path";
import { InputError } from "../../errors.ts";
import { readIfThere } from "../store/atomic.ts";
import { keyIdOf } from "./envelope.ts";

const privateName = "ed25519.pem";

/**
 * Makes a new key pair in a folder, readable by the user alone.
 *
 * @returns the key's id, and the file of its public half
 * @throws {InputError} where there is a private key already
 */
export function makeKey(folder: string): { readonly keyId: string; readonly publicFile: string } {
  const file = join(folder, privateName);
  if (exists(file)) {
    throw new InputError({
      at: { file },
      found: "a private key already",
      expected: "none yet",
      fix: "Move it away to make another; results that it signed stay valid as long as its .pub is kept.",
    });
  }
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const keyId = keyIdOf(publicKey);
  const publicFile = join(folder, `${keyId.slice(0, 16)}.pub`);
  // The public half comes first: a private one without it would sign what its own user doesn't trust.
  Deno.writeTextFileSync(publicFile, String(publicKey.export({ type: "spki", format: "pem" })));
  const pem = privateKey.export({ type: "pkcs8", format: "pem" });
  Deno.writeTextFileSync(file, String(pem), { createNew: true, mode: 0o600 });
  return { keyId, publicFile };
}

/**
 * Returns the user's private key, or undefined where none was made.
 *
 * @throws {InputError} where others may read the key, or the file holds none
 */
export function privateKeyIn(folder: string): KeyObject | undefined {
  const file = join(folder, privateName);
  if (!exists(file)) return undefined;
  const { mode } = Deno.statSync(file);
  if (mode !== null && (mode & 0o077) !== 0) {
    throw new InputError({
      at: { file },
      found: "a private key that others may read",
      expected: "one that only you can read",
      fix: `Run: chmod 600 ${file}`,
    });
  }
  return readKey(file, createPrivateKey);
}

/**
 * Returns all public keys that the user trusts.
 *
 * @throws {InputError} for a file that holds none
 */
export function publicKeysIn(folder: string): readonly KeyObject[] {
  if (!exists(folder)) return [];
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name.endsWith(".pub"));
  return names.sort().map((name) => readKey(join(folder, name), createPublicKey));
}

function readKey(file: string, parse: (pem: string) => KeyObject): KeyObject {
  try {
    const key = parse(readIfThere(file) ?? "");
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch (cause) {
    if (cause instanceof Deno.errors.PermissionDenied) throw cause;
    // A file that holds no key is reported like one with a key of another kind.
  }
  throw new InputError({ at: { file }, found: "no Ed25519 key", expected: "one in PEM format" });
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
