/** Reads what other stores and other machines wrote: records, listings, locked results and envelopes. */

import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { changesBetween, dependenceOf } from "../../src/pipeline/explain/changes.ts";
import { openWith, parseEnvelope, seal } from "../../src/pipeline/provenance/envelope.ts";
import { findHonestResult, signAction, signatureOf } from "../../src/pipeline/provenance/signatures.ts";
import { statementOf } from "../../src/pipeline/provenance/statement.ts";
import { readLockedResults } from "../../src/pipeline/share/locked_results.ts";
import { storeText } from "../../src/pipeline/store/blobs.ts";
import { canonicalJson } from "../../src/pipeline/store/canonical_json.ts";
import { digestOf } from "../../src/pipeline/store/digest.ts";
import { singlePart } from "../../src/pipeline/store/input_parts.ts";
import { instanceName } from "../../src/pipeline/store/instance_name.ts";
import {
  type ActionRecord,
  disagreementIn,
  formatVersion,
  keyOf,
  parseForeignRecord,
  parseRecord,
} from "../../src/pipeline/store/record.ts";
import { writeRecord, writeSignature } from "../../src/pipeline/store/results.ts";
import { openStore, type Store } from "../../src/pipeline/store/store.ts";
import { digestOfTree, parseListing, treeSchema } from "../../src/pipeline/store/tree.ts";
import { jsonOf, type Reader, textOf, texts } from "./reader.ts";

const digest = digestOf("a file");
const files = treeSchema.parse({
  "model/weights.bin": { digest, size: 6 },
  "log.txt": { digest: digestOf(""), size: 0 },
});
const preImage: ActionRecord["preImage"] = {
  format: formatVersion,
  code: digest,
  parameters: { seed: 7, list: [1, "a", null] },
  inputs: { data: digest },
  names: { data: singlePart("raw.tsv") },
  environment: { deno: "2.9.6", libtensorflow: digest },
  threads: 2,
};
const record: ActionRecord = {
  key: keyOf(preImage),
  preImage,
  instance: instanceName("train", "scalar"),
  module: "stages/train.ts",
  inputs: { data: singlePart({ from: "./raw.tsv", digest, file: "raw.tsv" }) },
  tree: digestOfTree(files),
  files,
  native: true,
  started: "2026-01-01T00:00:00.000Z",
  ended: "2026-01-01T00:01:00.000Z",
  log: "logs/train@scalar.log",
};

const { privateKey, publicKey } = generateKeyPairSync("ed25519");

const manifest = {
  modules: { "stages/train.ts": digest },
  packages: { "zod@4.6.7": "sha512-AAAA", "yaml@2.9.1": "not locked" },
  imports: { "stages/train.ts: zod": "npm:zod@4.6.7" },
  configuration: { "deno.json": { jsx: "react" } },
};

/** The record's text in a store, and its signature there. */
const signed = inTemporary((folder) => {
  const store = openStore(join(folder, ".store"));
  writeRecord(store, record);
  signAction(store, record, privateKey);
  const read = (path: string) => Deno.readTextFileSync(join(folder, ".store", path));
  return { record: read(`actions/${record.key}.json`), signature: read(`signatures/${record.key}.json`) };
});

function inTemporary<Value>(work: (folder: string) => Value): Value {
  const folder = Deno.makeTempDirSync();
  try {
    return work(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const locked = ["scalar", "hidden,1"].map((variant) => `train@${variant} ${digest} ${digestOf(variant)}\n`);

export const storeReaders: readonly Reader[] = [
  {
    name: "parseRecord, parseForeignRecord and disagreementIn",
    corpus: jsonOf(record),
    file: "record.json",
    read: (_, bytes) => {
      parseRecord(textOf(bytes));
      const { record } = parseForeignRecord(textOf(bytes));
      if (record) disagreementIn(record);
    },
  },
  {
    name: "parseListing",
    corpus: texts(canonicalJson(files)),
    file: "listing",
    read: (_, bytes) => {
      const tree = parseListing(textOf(bytes));
      if (tree) digestOfTree(tree);
    },
  },
  {
    name: "readLockedResults",
    corpus: texts(locked.join("")),
    file: "train.txt",
    read: readLockedResults,
  },
  {
    name: "signatureOf of a signature",
    corpus: texts(signed.signature),
    file: "signature.json",
    read: (folder, bytes) => {
      const store = openStore(join(folder, ".store"));
      writeRecord(store, record, signed.record);
      writeSignature(store, record.key, textOf(bytes));
      look(store);
    },
  },
  {
    name: "signatureOf of a record",
    corpus: texts(signed.record),
    file: "record.json",
    read: (folder, bytes) => {
      const store = openStore(join(folder, ".store"));
      writeRecord(store, record, textOf(bytes));
      writeSignature(store, record.key, signed.signature);
      look(store);
    },
  },
  {
    name: "parseManifest, statementOf and changesBetween",
    corpus: texts(canonicalJson(manifest)),
    file: "manifest.json",
    read: (folder, bytes) => {
      const store = openStore(join(folder, ".store"));
      const code = storeText(store, textOf(bytes));
      const other = { ...record, preImage: { ...preImage, code } };
      writeRecord(store, record, signed.record);
      statementOf(store, other);
      changesBetween(dependenceOf(store, record), dependenceOf(store, other));
    },
  },
  {
    name: "parseEnvelope and openWith",
    corpus: jsonOf(seal(canonicalJson({ _type: "a statement" }), privateKey)),
    file: "envelope.json",
    read: (_, bytes) => {
      const envelope = unlessError(() => parseEnvelope(textOf(bytes)));
      if (envelope) openWith(envelope, publicKey);
    },
  },
];

/** Looks at a signature as a run does, and as a pull does. */
function look(store: Store): void {
  signatureOf(store, record, [publicKey]);
  unlessError(() => findHonestResult(store, record.key, [publicKey]));
}

/** Returns undefined where the function throws an Error, which it says that it does. */
function unlessError<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
