/** A pipeline file's structure is checked before anything walks through its values. */

import { type Document, isCollection, isScalar, type Node, visit } from "yaml";

/** The first place where a file isn't made as a pipeline file may be. */
export interface StructuralFault {
  readonly offset: number;
  readonly found: string;
  readonly expected: string;
}

const deepest = 100; // levels of lists and mappings, each within the other

/**
 * Returns the first place that is nested too deep, or the first key that is a list, a mapping, bytes or an
 * alias. JavaScript's objects have no such keys, so that the YAML library writes them out as texts, which takes
 * time and memory without bound where keys lie within keys.
 */
export function structuralFault(document: Document.Parsed): StructuralFault | undefined {
  let fault: StructuralFault | undefined;
  visit(document, {
    Pair(_, { key }) {
      const value = isScalar(key) ? key.value : key;
      if (typeof value !== "object" || value === null) return;
      const offset = (key as Node).range?.[0] ?? 0;
      fault = { offset, found: "a key that isn't a plain value", expected: "a name" };
      return visit.BREAK;
    },
    Collection(_, { range }, path) {
      if (path.length < deepest || path.filter(isCollection).length < deepest) return;
      fault = {
        offset: range?.[0] ?? 0,
        found: "too many levels of nesting",
        expected: `at most ${deepest} levels`,
      };
      return visit.BREAK;
    },
  });
  return fault;
}
