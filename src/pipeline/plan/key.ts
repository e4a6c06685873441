/** An action key is the digest of a pre-image, which gathers all that an instance's result depends on. */

import { basename } from "node:path";
import { InputError } from "../../errors.ts";
import { type Instance, makerParts, type Source } from "../graph/instance.ts";
import { canonicalJson } from "../store/canonical_json.ts";
import { mapParts, type Parts, type PartsByInput, singlePart } from "../store/input_parts.ts";
import {
  type ActionRecord,
  formatVersion,
  type InputOrigin,
  keyedDigests,
  keyedNames,
  type PreImage,
} from "../store/record.ts";
import type { StatCache } from "../store/stat_cache.ts";
import { digestWithin, fileIn } from "../store/tree.ts";
import type { StageCode } from "./code.ts";
import { digestOfUserFiles, userFileName } from "./user_files.ts";

/** Name of an instance that is up to date → the record of its result. */
export type Results = ReadonlyMap<string, ActionRecord>;

/**
 * Finds the digest of each part of each input, and where it comes from.
 *
 * @param results the records of the instances that this one follows
 * @throws {InputError} where files of the user are missing
 */
export function inputOrigins(
  { inputs }: Instance,
  results: Results,
  cache: StatCache,
): PartsByInput<InputOrigin> {
  return Object.fromEntries(
    [...inputs].map(([name, source]) => [name, originsOf(name, source, results, cache)]),
  );
}

function originsOf(input: string, source: Source, results: Results, cache: StatCache): Parts<InputOrigin> {
  if (source.kind === "userFiles") {
    const digest = digestOfUserFiles(source, cache);
    return singlePart({ from: source.written, digest, ...named(userFileName(source)) });
  }
  return mapParts(makerParts(source), (instance) => {
    const record = results.get(instance);
    const digest = record && digestWithin(record.files, source.path);
    const from = source.path === undefined ? instance : `${instance}:${source.path}`;
    if (!digest) {
      throw new InputError({
        found: `no ${source.path ?? "output"} in what ${instance} made`,
        expected: `it, as \`needs.${input}\` names it`,
        fix: `\`deno task pipeline audit ${instance}\` lists what there is.`,
      });
    }
    const isFile = source.path !== undefined && fileIn(record.files, source.path) !== undefined;
    return { from, digest, ...named(isFile ? source.path : undefined), action: record.key };
  });
}

function named(path: string | undefined): Pick<InputOrigin, "file"> {
  return path === undefined ? {} : { file: basename(path) };
}

/** Gathers all that may change the instance's result. */
export function preImageOf(
  { parameters, network, resources }: Instance,
  { digest: code }: StageCode,
  origins: PartsByInput<InputOrigin>,
  environment: Readonly<Record<string, string>>,
): PreImage {
  const inputs = Object.entries(origins).map(([name, origins]) => [name, keyedDigests(origins)] as const);
  return {
    format: formatVersion,
    code,
    parameters: JSON.parse(canonicalJson(parameters)),
    inputs: Object.fromEntries(inputs),
    names: keyedNames(origins),
    environment,
    threads: resources.cpu,
    ...(network ? { network } : {}),
  };
}
