/** What an instance's result depends on, gathered into the pre-image of its action key. */

import type { Instance, Source } from "../graph/instance.ts";
import { canonicalJson } from "../store/digest.ts";
import { type ActionRecord, formatVersion, type InputOrigin, type PreImage } from "../store/record.ts";
import type { StatCache } from "../store/stat_cache.ts";
import { digestWithin } from "../store/tree.ts";
import type { StageCode } from "./code.ts";
import { digestOfUserFiles } from "./user_files.ts";

/** Name of an instance that is up to date → the record of its result. */
export type Results = ReadonlyMap<string, ActionRecord>;

/** An input's origins by variant; what isn't `stage@*` has one, under the empty name. */
export type Origins = Readonly<Record<string, InputOrigin>>;

/**
 * The digest of each input, and where it comes from.
 *
 * @param results the records of the instances that this one follows
 * @throws {InputError} where files of the user are missing
 */
export function inputOrigins(
  { inputs }: Instance,
  results: Results,
  cache: StatCache,
): Readonly<Record<string, Origins>> {
  return Object.fromEntries([...inputs].map(([name, source]) => [name, originsOf(source, results, cache)]));
}

function originsOf(source: Source, results: Results, cache: StatCache): Origins {
  if (source.kind === "userFiles") {
    const digest = digestOfUserFiles(source, cache);
    return { "": { from: source.written, digest } };
  }
  const instances = source.kind === "output" ? [["", source.instance] as const] : [...source.variants];
  return Object.fromEntries(instances.map(([variant, instance]) => {
    const record = results.get(instance);
    const digest = record && digestWithin(record.files, source.path);
    const from = source.path === undefined ? instance : `${instance}:${source.path}`;
    if (!digest) throw new Error(`${from} isn't there, though ${instance} declares it`);
    return [variant, { from, digest, action: record.key }];
  }));
}

/** All that may change the instance's result. */
export function preImageOf(
  { definition, parameters, network }: Instance,
  { digest: code }: StageCode,
  origins: Readonly<Record<string, Origins>>,
  environment: Readonly<Record<string, string>>,
  threads: number,
): PreImage {
  const inputs = Object.entries(origins).map(([name, origins]) => [name, digestsOf(origins)] as const);
  return {
    format: formatVersion,
    code,
    parameters: JSON.parse(canonicalJson(parameters)),
    inputs: Object.fromEntries(inputs),
    environment,
    ...(definition.native ? { threads } : {}),
    ...(network ? { network } : {}),
  };
}

function digestsOf(origins: Origins): PreImage["inputs"][string] {
  if (Object.hasOwn(origins, "")) return origins[""].digest;
  return Object.fromEntries(Object.entries(origins).map(([variant, { digest }]) => [variant, digest]));
}
