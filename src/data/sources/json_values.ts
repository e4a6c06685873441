import type { Location } from "../../errors.ts";

/** The path of a value in JSON: names of members and numbers of elements. */
export type JsonPath = readonly (string | number)[];

/** White space, then a sign, a text, or a number or name. The texts are written without nested repetition. */
const token =
  /[ \t\r\n]*(?:([{}[\]:,])|("[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[ !#-[\]-\uffff]*)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;

/** A list or an object that isn't closed yet. */
interface Frame {
  readonly isList: boolean;
  /** The number of its current element, or the name of its current member. */
  key: string | number;
}

/**
 * Walks through JSON, and calls `visit` with the path and the place of each value. It is for messages: `JSON.parse`
 * is far faster, but says nothing of places.
 *
 * @param deepest the length of the longest path to call it with
 * @returns the place of the first thing that is wrong, or undefined
 */
export function walkJson(
  text: string,
  visit: (path: JsonPath, at: number) => void,
  deepest: number,
): number | undefined {
  const frames: Frame[] = [];
  let state: "value" | "first" | "name" | "colon" | "next" | "end" = "value";
  token.lastIndex = 0;
  for (;;) {
    const from = token.lastIndex;
    const found = token.exec(text);
    if (!found) {
      const at = from + text.slice(from).search(/[^ \t\r\n]|$/);
      return state === "end" && at === text.length ? undefined : at;
    }
    const [all, sign, string] = found;
    const value = all.trimStart();
    const at = token.lastIndex - value.length;
    const frame = frames.at(-1);
    const isClosing = sign === (frame?.isList ? "]" : "}") && frame !== undefined;
    if (isClosing && (state === "first" || state === "next")) {
      frames.pop();
      state = frames.length === 0 ? "end" : "next";
    } else if (state === "next" && sign === ",") {
      if (frame!.isList) (frame!.key as number)++;
      state = frame!.isList ? "value" : "name";
    } else if (state === "colon" && sign === ":") state = "value";
    else if (string !== undefined && frame?.isList === false && (state === "name" || state === "first")) {
      frame.key = JSON.parse(string);
      state = "colon";
    } else if ((state === "value" || (state === "first" && frame?.isList)) && !/^[}\]:,]$/.test(value)) {
      if (frames.length <= deepest) visit(frames.map(({ key }) => key), at);
      if (sign !== undefined) frames.push({ isList: sign === "[", key: 0 });
      state = sign !== undefined ? "first" : frames.length === 0 ? "end" : "next";
    } else return at;
  }
}

/** Returns the place of a value in JSON, or of the deepest one on its path that is there. */
export function placeOfValue(text: string, path: JsonPath): number {
  let [best, depth] = [0, -1];
  walkJson(text, (other, at) => {
    if (other.length <= depth) return;
    if (other.every((step, index) => String(step) === String(path[index]))) {
      [best, depth] = [at, other.length];
    }
  }, path.length);
  return best;
}

/** Returns the place of the first thing in a text that isn't JSON, or undefined where there is none. */
export function faultInJson(text: string): number | undefined {
  return walkJson(text, () => {}, -1);
}

/** Returns the line and column of a place in a text, both counted from 1. */
export function lineAndColumn(text: string, at: number): Required<Pick<Location, "line" | "column">> {
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

/** Returns the value at a path, or undefined where there is none. */
export function valueAt(value: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>(
    (inner, step) =>
      typeof inner === "object" && inner !== null && Object.hasOwn(inner, step)
        ? (inner as Readonly<Record<string | number, unknown>>)[step]
        : undefined,
    value,
  );
}
