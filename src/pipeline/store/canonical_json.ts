/** Canonical JSON makes a document's digest independent of the order of its keys. */

/**
 * Writes a value as JSON with sorted keys and without spaces: equal values give equal text. Members that are
 * `undefined` are left out.
 *
 * @throws {TypeError} for what JSON can't hold faithfully: NaN, infinities, bigints, dates, functions
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && isPlain(value)) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(",")}}`;
  }
  throw new TypeError(`a value of type ${typeof value} (${String(value)}) can't be part of a key`);
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
