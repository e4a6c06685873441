/** Reads what other stores and other machines wrote: records, listings, locked results and envelopes. */

import { generateKeyPairSync } from "node:crypto";
import { openWith, parseEnvelope, seal } from "../../src/pipeline/provenance/envelope.ts";
import { readLockedResults } from "../../src/pipeline/share/locked_results.ts";
import { canonicalJson, digestOf } from "../../src/pipeline/store/digest.ts";
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
    name: "parseEnvelope and openWith",
    corpus: jsonOf(seal(canonicalJson({ _type: "a statement" }), privateKey)),
    file: "envelope.json",
    read: (_, bytes) => {
      const envelope = unlessError(() => parseEnvelope(textOf(bytes)));
      if (envelope) openWith(envelope, publicKey);
    },
  },
];

/** Returns undefined where the function throws an Error, which it says that it does. */
function unlessError<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
