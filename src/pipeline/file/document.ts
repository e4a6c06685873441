/** A document is a YAML file as plain data that still knows where each value was written. */

import {
  type Alias,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  visit,
} from "yaml";
import { InputError, type Location } from "../../errors.ts";
import { digestOf } from "../store/digest.ts";
import { type Fingerprint, recallJson, type StatCache } from "../store/stat_cache.ts";
import { notJson, outsideJson } from "./json_value.ts";
import { excessIn, type StructuralFault, structuralFault } from "./structure.ts";

export type Path = readonly (string | number)[];

/** A file's values, and where each is written. */
export interface SourceDocument {
  readonly file: string;
  readonly value: unknown;
  /**
   * Returns the place where the value at this path, or its key, is written; for what isn't written, the place
   * of the nearest enclosing value.
   */
  locate(path: Path, part?: "key" | "value"): Location;
}

const largestFile = 10 * 1024 * 1024; // bytes
const mostByAlias = 10_000; // values that all aliases together may stand for; more would be an alias bomb

/**
 * Reads and parses a YAML file. Where the cache remembers the text's value, the text is parsed only once a
 * mistake has to be located: parsing thousands of stages takes longer than finding all of them up to date.
 *
 * @throws {InputError} where the file can't be read or isn't valid YAML
 */
export function readDocument(file: string, cache?: StatCache): SourceDocument {
  const text = readText(file);
  const [name, fingerprint] = [`yaml ${file}`, digestOf(text) as string as Fingerprint];
  const remembered = cache && recallJson(cache, name, fingerprint);
  if (remembered === undefined) {
    const source = parseSource(file, text);
    if (isFaithful(source.value)) cache?.remember(name, fingerprint, JSON.stringify(source.value));
    return source;
  }
  let source: SourceDocument | undefined;
  const locate: SourceDocument["locate"] = (path, part) =>
    (source ??= parseSource(file, text)).locate(path, part);
  return { file, value: remembered, locate };
}

/** Says whether JSON gives a file's value back as it is, which it doesn't for infinities and -0. */
function isFaithful(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  return typeof value !== "object" || value === null || Object.values(value).every(isFaithful);
}

function readText(file: string): string {
  if (file === "") throw new InputError({ found: "an empty path", expected: "a pipeline file" });
  const at = { file };
  try {
    const { size, isFile, isDirectory } = Deno.statSync(file);
    if (!isFile) {
      throw new InputError({
        at,
        found: isDirectory ? "a folder" : "a pipe or a device",
        expected: "a YAML file",
      });
    }
    if (size > largestFile) {
      throw new InputError({
        at: { file, line: 1, column: 1 },
        found: `a file of ${(size / 1024 / 1024).toFixed(1)} MB`,
        expected: "at most 10 MB",
        fix: "Keep data in files of its own and name them under `needs`.",
      });
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(Deno.readFileSync(file));
  } catch (error) {
    if (error instanceof TypeError) {
      throw new InputError({ at, found: "bytes that aren't UTF-8", expected: "a text file in UTF-8" });
    }
    if (error instanceof Deno.errors.NotFound) {
      throw new InputError({
        at,
        found: "no such file",
        expected: "a pipeline file",
        fix: "Check the path.",
      });
    }
    if (error instanceof InputError) throw error;
    throw new InputError({
      at,
      found: `a file that can't be read (${error instanceof Error ? error.message : error})`,
      expected: "a pipeline file",
      fix: "Check the path.",
    }, { cause: error });
  }
}

function parseSource(file: string, text: string): SourceDocument {
  const lines = new LineCounter();
  const locationAt = (offset: number): Location => {
    const { line, col: column } = lines.linePos(offset);
    return { file, line, column, source: text.split(/\r?\n/, line)[line - 1] || undefined };
  };
  const faultAt = ({ offset, ...mistake }: StructuralFault) =>
    new InputError({ at: locationAt(offset), ...mistake });
  const excess = excessIn(text, lines);
  if (excess) throw faultAt(excess);
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false });
  const [error] = [...document.errors, ...document.warnings]; // such as one of an unknown tag
  if (error) {
    throw new InputError({
      at: locationAt(error.pos[0]),
      found: `invalid YAML: ${error.message}`,
      expected: "valid YAML",
    });
  }
  const locate = (path: Path, part: "key" | "value" = "value") =>
    locationAt(offsetOf(document, path, part) ?? 0);
  const fault = structuralFault(document);
  if (fault) throw faultAt(fault);
  requireFewAliases(document, ({ range }) => locationAt(range?.[0] ?? 0));
  requireExactIntegers(document, ({ range }) => locationAt(range?.[0] ?? 0));
  const value: unknown = document.toJS({ maxAliasCount: -1 });
  requireJsonTypes(value, locate);
  return { file, value, locate };
}

/**
 * Checks that a value is one that JSON has, save for infinities and NaN, which a schema may refuse in words
 * of its own.
 *
 * @throws {InputError} for the first place where it isn't
 */
export function requireJsonTypes(value: unknown, locate: SourceDocument["locate"]): void {
  const outside = outsideJson(value, () => true);
  if (!outside) return;
  throw notJson(
    outside,
    locate(outside.path, outside.isKey ? "key" : "value"),
    "Put it in quotes, or write it as a list or mapping.",
  );
}

/**
 * Checks that whole numbers are as they are written: those beyond 2^53 would be rounded.
 *
 * @throws {InputError} for the first that isn't
 */
export function requireExactIntegers(
  document: Document.Parsed,
  locationOf: (node: Scalar) => Location,
): void {
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value !== "number" || !/^[-+]?\d+$/.test(node.source ?? "")) return;
      if (Number.isSafeInteger(node.value)) return;
      throw new InputError({
        at: locationOf(node),
        found: `the whole number ${node.source?.slice(0, 60)}, which would be rounded`,
        expected: `one between -(2^53 - 1) and 2^53 - 1`,
        fix: "Put it in quotes if it is a text, or write it as 1e20 if it is a measure.",
      });
    },
  });
}

/**
 * Checks that aliases don't stand for too many values, counted as if all were written out, in the order of
 * the file.
 *
 * @throws {InputError} at the alias with which they are too many, or that names no anchor before it
 */
function requireFewAliases(document: Document.Parsed, locationOf: (alias: Alias) => Location): void {
  const anchors = new Map<string, Node>();
  // A node is here once it has ended, since an alias within its own anchor stands for endlessly many values.
  const sizes = new Map<Node, number>();
  let byAlias = 0;
  const count = (node: unknown): number => {
    if (isPair(node)) return count(node.key) + count(node.value);
    if (!isNode(node)) return 0;
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (!target) throw unknownAlias(node.source, locationOf(node));
      const size = sizes.get(target) ?? Infinity;
      byAlias += size;
      if (byAlias > mostByAlias) throw aliasBomb(locationOf(node));
      return size;
    }
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    const size = isCollection(node) ? node.items.reduce((sum: number, item) => sum + count(item), 0) : 1;
    sizes.set(node, size);
    return size;
  };
  count(document.contents);
}

function unknownAlias(name: string, at: Location): InputError {
  return new InputError({
    at,
    found: `the alias *${name}`,
    expected: `a value before it that is marked &${name}`,
    fix: "If it is a text, put it in quotes.",
  });
}

function aliasBomb(at: Location): InputError {
  return new InputError({
    at,
    found: "aliases (*name) that stand for too much",
    expected: `at most ${mostByAlias} values by alias`,
    fix: "Write the values out, or use `vars`.",
  });
}

/** Returns the offset of the deepest node on the path that is written in the file. */
function offsetOf(document: Document.Parsed, path: Path, part: "key" | "value"): number | undefined {
  let node: Node | null | undefined = document.contents;
  let offset = node?.range?.[0];
  for (const [depth, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step));
      if (!pair) return offset;
      const key = pair.key as Node;
      const isLast = depth === path.length - 1;
      node = pair.value as Node | null;
      offset = (isLast && part === "key" ? key : node ?? key).range?.[0] ?? offset;
    } else if (isSeq(node)) {
      node = node.items[Number(step)] as Node | undefined;
      offset = node?.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}
