/** Changes are what differs between what two results depend on, field by field. */

import { type CodeManifest, parseManifest } from "../plan/code.ts";
import { readText } from "../store/blobs.ts";
import { canonicalJson } from "../store/canonical_json.ts";
import type { Digest, Json } from "../store/digest.ts";
import { namedParts, partOf } from "../store/input_parts.ts";
import { inputFolder } from "../store/lineage.ts";
import { type ActionRecord, keyedInputs, type PreImage } from "../store/record.ts";
import type { Store } from "../store/store.ts";
import { fileIn, type Tree } from "../store/tree.ts";

/**
 * A field that isn't what it was, of a key's pre-image or of the code manifest that the pre-image stands for.
 */
export interface Change {
  readonly part: Part;
  /**
   * Such as `optimizer.rate`, `src/nn/linear.ts` or `evaluations/scalar`; empty for the stage's code as a
   * whole.
   */
  readonly name: string;
  /** Undefined where there was no such field. */
  readonly before: Json | undefined;
  /** Undefined where there is no such field any more. */
  readonly after: Json | undefined;
  /** The files that differ, where an input was a folder and still is one. */
  readonly files?: readonly FileChange[];
}

/** A file in a folder that isn't what it was. */
export interface FileChange {
  readonly file: string;
  readonly before: Digest | undefined;
  readonly after: Digest | undefined;
}

export type Part =
  | "parameter"
  | "module"
  | "package"
  | "import"
  | "configuration"
  | "code"
  | "input"
  | "environment";

/** A pre-image together with what its digests stand for. */
export interface Dependence {
  readonly preImage: PreImage;
  /** Undefined where it is lost. */
  readonly manifest: CodeManifest | undefined;
  /**
   * Returns the tree of an input's part that is a folder; undefined for a single file, and where the tree is
   * lost.
   */
  folder(input: string, variant: string): Tree | undefined;
}

/** Returns a recorded pre-image together with what the store still has of its digests. */
export function dependenceOf(store: Store, record: Pick<ActionRecord, "preImage" | "inputs">): Dependence {
  const { preImage, inputs } = record;
  const text = readText(store, preImage.code);
  return {
    preImage,
    manifest: text === undefined ? undefined : parseManifest(text),
    folder(input, variant) {
      const origin = partOf(inputs[input], variant);
      return origin && inputFolder(store, origin);
    },
  };
}

/** Returns the fields that differ, in the order of parameters, code, inputs and environment, and by name. */
export function changesBetween(before: Dependence, after: Dependence): readonly Change[] {
  const haveManifests = before.manifest !== undefined && after.manifest !== undefined;
  const byName = (dependence: Dependence) =>
    new Map(fieldsOf(dependence, haveManifests).map((field) => [nameOf(field), field]));
  const [old, current] = [byName(before), byName(after)];
  const fields = [...current.values(), ...[...old.values()].filter((field) => !current.has(nameOf(field)))];
  return fields.flatMap((field) => {
    const [was, is] = [old.get(nameOf(field)), current.get(nameOf(field))];
    return was && is && canonicalJson(was.value) === canonicalJson(is.value)
      ? []
      : [changeOf(field, was, is)];
  }).sort((a, b) => order(a) - order(b) || (a.name < b.name ? -1 : 1));
}

function changeOf({ part, name }: Field, was: Field | undefined, is: Field | undefined): Change {
  const [before, after] = [was?.folder?.(), is?.folder?.()];
  const files = before && after ? { files: fileChanges(before, after) } : {};
  return { part, name, before: was?.value, after: is?.value, ...files };
}

/** Returns the files, sorted, that are in one folder only, or in both with different content. */
export function fileChanges(before: Tree, after: Tree): readonly FileChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
    .map((file) => ({ file, before: fileIn(before, file)?.digest, after: fileIn(after, file)?.digest }))
    .filter(({ before, after }) => before !== after);
}

interface Field {
  readonly part: Part;
  readonly name: string;
  readonly value: Json;
  /** Returns the tree that an input's digest stands for, if the input is a folder. */
  folder?(): Tree | undefined;
}

const partOrder: readonly Part[] = [
  "parameter",
  "code",
  "module",
  "package",
  "import",
  "configuration",
  "input",
  "environment",
];

function order({ part }: Change): number {
  return partOrder.indexOf(part);
}

function nameOf({ part, name }: Field): string {
  return `${part} ${name}`;
}

function fieldsOf(dependence: Dependence, withManifest: boolean): readonly Field[] {
  const { preImage, manifest, folder } = dependence;
  const { code, parameters, inputs: _, names, environment, ...facts } = preImage;
  const codeFields: readonly Field[] = manifest && withManifest
    ? [
      ...members("module", manifest.modules),
      ...members("package", manifest.packages),
      ...members("import", manifest.imports),
      ...members("configuration", manifest.configuration),
    ]
    : [{ part: "code", name: "", value: code }];
  const inputFields = namedParts(keyedInputs(preImage)).map((
    { name, input, variant, part: value },
  ): Field => ({
    part: "input",
    name,
    value,
    folder: () => folder(input, variant),
  }));
  return [
    ...members("parameter", parameters, "."),
    ...codeFields,
    ...inputFields,
    ...namedParts(names).map(({ name, part: value }): Field => ({
      part: "input",
      name: `${name}: its file's name`,
      value,
    })),
    ...members("environment", { ...environment, ...withoutUndefined(facts) }),
  ];
}

function withoutUndefined(facts: Readonly<Record<string, Json | undefined>>): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) => value === undefined ? [] : [[name, value]]),
  );
}

/**
 * Returns a mapping's members as fields. Where a separator is given, the members of mappings within it are
 * fields too.
 */
function members(part: Part, mapping: Json, separator?: string): readonly Field[] {
  const inner = (value: Json, path: readonly string[]): readonly Field[] =>
    isMapping(value) && (path.length === 0 || separator !== undefined && Object.keys(value).length > 0)
      ? Object.entries(value).flatMap(([key, member]) => inner(member, [...path, key]))
      : [{ part, name: path.join(separator), value }];
  return inner(mapping, []);
}

function isMapping(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
