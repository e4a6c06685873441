/** A pipeline file's structure is checked before anything walks through its values. */

import {
  type Document,
  isCollection,
  isScalar,
  Lexer,
  type LineCounter,
  type Node,
  Parser,
  visit,
  type YAMLMap,
} from "yaml";

/** The first place where a file isn't made as a pipeline file may be. */
export interface StructuralFault {
  readonly offset: number;
  readonly found: string;
  readonly expected: string;
  readonly fix?: string;
}

const deepest = 100; // levels of lists and mappings, each within the other

const mostLexemes = 400_000; // words, signs, spaces and comments: some 60,000 keys with a value
/** What is hardly too deep is parsed all the same, since the document tells its place better. */
const mostOpen = 3 * deepest;

/**
 * Returns the first place, in a text that isn't parsed yet, with which it is far too deep or too long: parsing
 * it would take the whole stack, or minutes.
 *
 * @param lines is told where lines begin, up to that place
 */
export function excessIn(text: string, lines: LineCounter): StructuralFault | undefined {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    [...parser.next(lexeme)]; // takes the lexeme in; the documents that this gives aren't needed here
    const offset = Math.min(parser.offset, text.length - 1);
    if (parser.stack.length > mostOpen) return tooDeepAt(offset);
    if (++lexemes <= mostLexemes) continue;
    return {
      offset,
      found: "more words, signs and comments than a pipeline file may have",
      expected: `at most ${mostLexemes}`,
      fix: "Keep data in files of its own and name them under `needs`.",
    };
  }
  return undefined;
}

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
  return tooDeepAt(range?.[0] ?? 0);
}

function tooDeepAt(offset: number): StructuralFault {
  return { offset, found: "too many levels of nesting", expected: `at most ${deepest} levels` };
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
