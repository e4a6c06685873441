/** A pipeline file's structure is checked before anything walks through its values. */

import { type Document, isCollection, isScalar, type Node, visit, type YAMLMap } from "yaml";

/** The first place where a file isn't made as a pipeline file may be. */
export interface StructuralFault {
  readonly offset: number;
  readonly found: string;
  readonly expected: string;
  readonly fix?: string;
}

const deepest = 100; // levels of lists and mappings, each within the other

/**
 * Returns the first place that is nested too deep, and the first key that is a list, a mapping, bytes or an
 * alias. JavaScript's objects have no such keys, so that the YAML library writes them out as texts, which
 * takes time and memory without bound where keys lie within keys. The first key that a mapping has twice is
 * looked for here too, since the library compares each key with all others.
 */
export function structuralFault(document: Document.Parsed): StructuralFault | undefined {
  let fault: StructuralFault | undefined;
  visit(document, {
    Map(_, map, path) {
      const twice = repeatedKey(map);
      if (twice) {
        fault = {
          offset: twice.range?.[0] ?? 0,
          found: "a key that is there twice",
          expected: "each key once",
          fix: "Remove one of the two.",
        };
        return visit.BREAK;
      }
      fault = tooDeep(map, path);
      if (fault) return visit.BREAK;
    },
    Seq(_, list, path) {
      fault = tooDeep(list, path);
      if (fault) return visit.BREAK;
    },
    Pair(_, { key }) {
      const value = isScalar(key) ? key.value : key;
      if (typeof value !== "object" || value === null) return;
      const offset = (key as Node).range?.[0] ?? 0;
      fault = { offset, found: "a key that isn't a plain value", expected: "a name" };
      return visit.BREAK;
    },
  });
  return fault;
}

function tooDeep({ range }: Node, path: readonly unknown[]): StructuralFault | undefined {
  if (path.length < deepest || path.filter(isCollection).length < deepest) return undefined;
  const expected = `at most ${deepest} levels`;
  return { offset: range?.[0] ?? 0, found: "too many levels of nesting", expected };
}

/** Returns the first key of a mapping whose name another one has before it. */
function repeatedKey({ items }: YAMLMap): Node | undefined {
  const names = new Set<string>();
  for (const { key } of items) {
    if (!isScalar(key)) continue;
    const name = String(key.value ?? "");
    if (names.has(name)) return key;
    names.add(name);
  }
  return undefined;
}
