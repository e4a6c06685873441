/** What differs between what two results depend on, field by field. */

import { type CodeManifest, parseManifest } from "./code.ts";
import { canonicalJson, type Json } from "./digest.ts";
import type { PreImage } from "./record.ts";
import { readText, type Store } from "./store.ts";

/** A field of a key's pre-image, or of the code manifest that it stands for, that isn't what it was. */
export interface Change {
  readonly part: Part;
  /** `optimizer.rate`, `src/nn/linear.ts`, `evaluations/scalar`; the stage's whole code has no name. */
  readonly name: string;
  /** undefined where there was none. */
  readonly before?: Json;
  /** undefined where there is none any more. */
  readonly after?: Json;
}

export type Part = "parameter" | "module" | "package" | "code" | "input" | "environment";

/** A pre-image with the list of modules that its code digest is of; undefined where that is lost. */
export interface Dependence {
  readonly preImage: PreImage;
  readonly manifest: CodeManifest | undefined;
}

/** A recorded pre-image with its code's manifest. */
export function dependenceOf(store: Store, preImage: PreImage): Dependence {
  const text = readText(store, preImage.code);
  return { preImage, manifest: text === undefined ? undefined : parseManifest(text) };
}

/** The fields that differ: parameters, code, inputs, environment, each by name. */
export function changesBetween(before: Dependence, after: Dependence): readonly Change[] {
  const haveManifests = before.manifest !== undefined && after.manifest !== undefined;
  const [old, current] = [before, after].map(({ preImage, manifest }) =>
    new Map(fieldsOf(preImage, haveManifests ? manifest : undefined).map((field) => [nameOf(field), field]))
  );
  const fields = [...current.values(), ...[...old.values()].filter((field) => !current.has(nameOf(field)))];
  return fields.flatMap((field): readonly Change[] => {
    const [before, after] = [old, current].map((fields) => fields.get(nameOf(field))?.value);
    const same = before !== undefined && after !== undefined &&
      canonicalJson(before) === canonicalJson(after);
    return same ? [] : [{ part: field.part, name: field.name, before, after }];
  }).sort((a, b) => order(a) - order(b) || (a.name < b.name ? -1 : 1));
}

interface Field {
  readonly part: Part;
  readonly name: string;
  readonly value: Json;
}

const partOrder: readonly Part[] = ["parameter", "code", "module", "package", "input", "environment"];

function order({ part }: Change): number {
  return partOrder.indexOf(part);
}

function nameOf({ part, name }: Field): string {
  return `${part} ${name}`;
}

function fieldsOf(preImage: PreImage, manifest: CodeManifest | undefined): readonly Field[] {
  const { code, parameters, inputs, environment, ...facts } = preImage;
  const codeFields: readonly Field[] = manifest
    ? [...members("module", manifest.modules), ...members("package", manifest.packages)]
    : [{ part: "code", name: "", value: code }];
  return [
    ...members("parameter", parameters, "."),
    ...codeFields,
    ...members("input", inputs, "/"),
    ...members("environment", { ...environment, ...facts }),
  ];
}

/** A mapping's members; where a separator is given, those of mappings within it too. */
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
