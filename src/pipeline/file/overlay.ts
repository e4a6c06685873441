/** `--overlay other.yaml` lays files over the pipeline file. */

import type { StatCache } from "../store/stat_cache.ts";
import { type Path, readDocument, type SourceDocument } from "./document.ts";

/**
 * Lays the values of these files over the document in turn. Mappings are merged key by key; any other value,
 * a list too, takes the place of what was there. Each value keeps the place where it is written.
 *
 * @throws {InputError} where a file can't be read or isn't valid YAML
 */
export function applyOverlays(
  document: SourceDocument,
  files: readonly string[],
  cache?: StatCache,
): SourceDocument {
  return files.reduce((below, file) => {
    const over = readDocument(file, cache);
    return {
      ...below,
      value: merged(below.value, over.value),
      locate: (path: Path, part?: "key" | "value") =>
        path.length > 0 && isWritten(over.value, path) ? over.locate(path, part) : below.locate(path, part),
    };
  }, document);
}

function merged(below: unknown, over: unknown): unknown {
  if (over === undefined || over === null) return below; // nothing follows the key, or the file is empty
  if (!isMapping(below) || !isMapping(over)) return over;
  const keys = [...new Set([...Object.keys(below), ...Object.keys(over)])];
  return Object.fromEntries(
    keys.map((key) => [key, Object.hasOwn(over, key) ? merged(below[key], over[key]) : below[key]]),
  );
}

function isWritten(value: unknown, [step, ...rest]: Path): boolean {
  if (step === undefined) return value !== null;
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return false;
  return isWritten((value as Readonly<Record<string | number, unknown>>)[step], rest);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
