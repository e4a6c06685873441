/**
 * A record is what the store keeps of an action: the pre-image of its key, the files that it made, and how it
 * went.
 */

import { z } from "zod";
import { canonicalJson } from "./canonical_json.ts";
import { type ActionKey, actionKeySchema, type Digest, digestOf, digestSchema } from "./digest.ts";
import {
  mapParts,
  namedParts,
  partOf,
  type Parts,
  type PartsByInput,
  singlePart,
  singlePartOf,
} from "./input_parts.ts";
import { instanceNameSchema } from "./instance_name.ts";
import { digestOfTree, filePathSchema, treeSchema } from "./tree.ts";

/** This number is raised when the meaning of keys or records changes; older results are then made again. */
export const formatVersion = 2;

const deepest = 200; // levels of parameters, which a pipeline file and a setting together can't reach

/** Says whether a value has at most so many levels of lists and objects, each within the other. */
function isWithin(levels: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isWithin(levels - 1, inner));
}

/** A pre-image holds all that may change a stage's result; its digest is the action key. */
const preImageSchema = z.strictObject({
  format: z.literal(formatVersion),
  code: digestSchema.describe("of the stage's code manifest, which is a blob"),
  parameters: z.json().superRefine((value, { addIssue }) => {
    if (!isWithin(deepest, value)) {
      addIssue({ code: "too_big", origin: "object", maximum: deepest, input: value });
    }
  }),
  inputs: z.record(z.string(), z.union([digestSchema, z.record(z.string(), digestSchema)])),
  names: z.record(z.string(), z.record(z.string(), z.string())).describe(
    "of inputs that are single files, by input and variant: a stage can tell a .csv from a .tsv",
  ),
  environment: z.record(z.string(), z.string()),
  network: z.literal(true).optional().describe("it could use the network: what it read there isn't known"),
  threads: z.int().describe("that the stage may use: a native stage's sums depend on it"),
});

/**
 * An origin says where an input came from when the action ran: files of the user, or another action's output.
 */
const originSchema = z.strictObject({
  from: z.string(),
  digest: digestSchema,
  file: filePathSchema.refine((name) => !name.includes("/")).optional().describe(
    "the name of a single file; a folder's isn't seen by the stage",
  ),
  action: actionKeySchema.optional(),
});

const costSchema = z.strictObject({
  amount: z.number().positive().optional().describe("of work, in the stage's own unit"),
  peakBytes: z.int().nonnegative().describe("the most memory that its process has held"),
});

const recordSchema = z.strictObject({
  key: actionKeySchema,
  preImage: preImageSchema,
  instance: instanceNameSchema,
  module: z.string(),
  inputs: z.record(z.string(), z.record(z.string(), originSchema)).describe("by input and variant"),
  tree: digestSchema,
  files: treeSchema,
  sources: z.record(z.string(), digestSchema).optional().describe(
    "of the local modules' files as they were written",
  ),
  native: z.boolean().describe("native code escapes the sandbox"),
  started: z.iso.datetime(),
  ended: z.iso.datetime(),
  cost: costSchema.optional().describe(
    "what it took besides time; absent where it didn't do all of its work, or had a profile to write",
  ),
  log: filePathSchema.describe("relative to the store"),
});

export type PreImage = z.output<typeof preImageSchema>;
export type InputOrigin = z.output<typeof originSchema>;
export type ActionRecord = z.output<typeof recordSchema>;

/** Returns how many seconds an action took. */
export function secondsOf({ started, ended }: Pick<ActionRecord, "started" | "ended">): number {
  return (Date.parse(ended) - Date.parse(started)) / 1000;
}

/**
 * Returns what a pre-image holds of an input: the digest of its single part, or a mapping from variant to
 * digest.
 */
export function keyedDigests(origins: Parts<InputOrigin>): PreImage["inputs"][string] {
  return singlePartOf(origins)?.digest ?? mapParts(origins, ({ digest }) => digest);
}

/** Returns the names of those inputs' parts that are single files, which a pre-image holds. */
export function keyedNames(inputs: PartsByInput<InputOrigin>): PreImage["names"] {
  const names = Object.entries(inputs).map(([input, parts]) => {
    const files = Object.entries(parts).flatMap(([variant, { file }]) =>
      file === undefined ? [] : [[variant, file] as const]
    );
    return [input, Object.fromEntries(files)] as const;
  });
  return Object.fromEntries(names.filter(([, files]) => Object.keys(files).length > 0));
}

/** Returns the digests of all inputs' parts that a pre-image holds. */
export function keyedInputs({ inputs }: PreImage): PartsByInput<Digest> {
  const parts = Object.entries(inputs).map(([input, digests]) =>
    [input, typeof digests === "string" ? singlePart(digests) : digests] as const
  );
  return Object.fromEntries(parts);
}

/** Returns the key of the action that has this pre-image. */
export function keyOf(preImage: PreImage): ActionKey {
  return digestOf(canonicalJson(preImage)) as string as ActionKey;
}

/**
 * Reads a record's text. Returns undefined where it isn't a whole record that agrees with its own digests.
 */
export function parseRecord(text: string): ActionRecord | undefined {
  const { record } = parseForeignRecord(text);
  return record && disagreementIn(record) === undefined ? record : undefined;
}

/**
 * Reads a record's text whether or not it agrees with its own digests. Where it isn't a record, the name in
 * it that can't be one is told, if that is why.
 */
export function parseForeignRecord(
  text: string,
): { readonly record: ActionRecord } | { readonly record?: never; readonly wrongName: string | undefined } {
  try {
    const { data, error } = recordSchema.safeParse(JSON.parse(text));
    if (data) return { record: data };
    return { wrongName: error?.issues.find(({ code }) => code === "custom")?.message };
  } catch {
    return { wrongName: undefined }; // it isn't JSON
  }
}

/** A digest that a record states, and the one that its content has. */
export interface Disagreement {
  readonly what: string;
  readonly stated: string;
  readonly found: string;
}

/**
 * Returns the first digest that a record states and its content doesn't have: its key, its outputs' or an
 * input's.
 */
export function disagreementIn(
  { key, preImage, inputs, tree, files }: ActionRecord,
): Disagreement | undefined {
  const keyed = keyedInputs(preImage);
  const origins = namedParts(inputs).map(({ input, variant, part }) => {
    const found = partOf(keyed[input], variant);
    return { what: `its input ${input}`, stated: part.digest, found: found ?? "none" };
  });
  const stated = [
    { what: "its action key", stated: key, found: keyOf(preImage) },
    { what: "its outputs", stated: tree, found: digestOfTree(files) },
    ...origins,
    {
      what: "the names of its inputs",
      stated: canonicalJson(keyedNames(inputs)),
      found: canonicalJson(preImage.names),
    },
  ];
  return stated.find(({ stated, found }) => stated !== found);
}
