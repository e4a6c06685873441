/**
 * An action is written as an in-toto Statement v1 with a SLSA provenance v1 predicate, derived from its
 * record.
 *
 * @see https://in-toto.io/Statement/v1
 * @see https://slsa.dev/provenance/v1
 */

import { parseManifest } from "../plan/code.ts";
import { readText } from "../store/blobs.ts";
import { type ActionKey, type Digest, digestOfFile } from "../store/digest.ts";
import { type ActionRecord, formatVersion, type PreImage } from "../store/record.ts";
import { recordPath } from "../store/results.ts";
import type { Store } from "../store/store.ts";
import { inputFiles, outputName } from "./inputs.ts";

/** Names the engine with the version of its format: docs/engine.md says what its parameters mean. */
export const builder = `urn:calibrant:engine:${formatVersion}`;

/** Name of a hash function → digest in hexadecimal. */
type DigestSet = Readonly<Record<string, string>>;

export interface ResourceDescriptor {
  readonly name?: string;
  readonly uri?: string;
  readonly digest: DigestSet;
  readonly mediaType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Statement {
  readonly _type: "https://in-toto.io/Statement/v1";
  readonly subject: readonly ResourceDescriptor[];
  readonly predicateType: "https://slsa.dev/provenance/v1";
  readonly predicate: {
    readonly buildDefinition: {
      readonly buildType: string;
      readonly externalParameters: {
        readonly stage: string;
        readonly instance: string;
        readonly parameters: PreImage["parameters"];
      };
      readonly internalParameters: Readonly<Record<string, unknown>>;
      readonly resolvedDependencies: readonly ResourceDescriptor[];
    };
    readonly runDetails: {
      readonly builder: { readonly id: string; readonly version: Readonly<Record<string, string>> };
      readonly metadata: {
        readonly invocationId: string;
        readonly startedOn: string;
        readonly finishedOn: string;
      };
      readonly byproducts: readonly ResourceDescriptor[];
    };
  };
}

/**
 * Makes the statement about a recorded action. The record is a byproduct in it, so that a signature covers
 * all of the record.
 */
export function statementOf(store: Store, record: ActionRecord): Statement {
  const { key, preImage, started, ended, native } = record;
  const { deno, ...environment } = preImage.environment;
  const [libraries, facts] = partition(Object.entries(environment), ([, value]) => isDigest(value));
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: Object.entries(record.files).map(([path, { digest }]) =>
      sha256(outputName(record.instance, path), digest)
    ),
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: `${builder}:stage`,
        externalParameters: {
          stage: record.module,
          instance: record.instance,
          parameters: preImage.parameters,
        },
        internalParameters: {
          actionKey: key,
          environment: Object.fromEntries(facts),
          threads: preImage.threads,
          native,
        },
        resolvedDependencies: [
          ...inputFiles(store, record).map(({ input, name, digest }) => ({
            ...sha256(name, digest),
            annotations: { input },
          })),
          ...codeDependencies(store, record),
          ...libraries.map(([name, digest]) => sha256(`library/${name}`, digest)),
        ],
      },
      runDetails: {
        builder: { id: builder, version: deno === undefined ? {} : { deno } },
        metadata: { invocationId: invocationOf(record), startedOn: started, finishedOn: ended },
        byproducts: [sha256(recordName(key), digestOfFile(recordPath(store, key)))],
      },
    },
  };
}

/** Returns the name of an action's record among its byproducts. */
export function recordName(key: ActionKey): string {
  return `actions/${key}.json`;
}

/** Returns an id that tells one run of an action from another. */
export function invocationOf({ key, started }: ActionRecord): string {
  return `${key}@${started}`;
}

/**
 * Lists what the code consists of: its manifest, its modules' files as they were written, and its packages as
 * the registry has them.
 */
function codeDependencies(store: Store, { preImage, sources = {} }: ActionRecord): ResourceDescriptor[] {
  const text = readText(store, preImage.code);
  const packages = text === undefined ? {} : parseManifest(text)?.packages ?? {};
  return [
    { ...sha256("code", preImage.code), mediaType: "application/json" },
    ...Object.entries(sources).map(([path, digest]) => sha256(`module/${path}`, digest)),
    ...Object.entries(packages).map(([name, integrity]) => ({
      name: `package/${name}`,
      uri: packageUrl(name),
      digest: digestSetOf(integrity),
    })),
  ];
}

function sha256(name: string, digest: string) {
  return { name, digest: { sha256: digest } };
}

/**
 * Writes `@scope/name@1.2.3` as a package URL. What follows an underscore is Deno's note of peer
 * dependencies, and is dropped.
 */
function packageUrl(name: string): string {
  const at = name.indexOf("@", 1); // not at 0, where a scope starts with one too
  const version = name.slice(at + 1).split("_")[0];
  return `pkg:npm/${name.slice(0, at).replace("@", "%40")}@${version}`;
}

/** Turns an integrity as the lock file writes it, `sha512-<base64>`, into a digest set. */
function digestSetOf(integrity: string): DigestSet {
  const [algorithm, base64] = integrity.split("-", 2);
  return algorithm === undefined || base64 === undefined
    ? {}
    : { [algorithm]: Uint8Array.fromBase64(base64).toHex() };
}

function isDigest(value: string): value is Digest {
  return /^[0-9a-f]{64}$/.test(value);
}

function partition<Item>(items: readonly Item[], belongs: (item: Item) => boolean) {
  return [items.filter(belongs), items.filter((item) => !belongs(item))] as const;
}
