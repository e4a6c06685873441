import * as Plot from "@observablehq/plot";
import { referenceLine } from "./axes.ts";
import { colour } from "./colours.ts";

/** What one of several variants looks like in a drawing of all of them. */
export interface Series {
  readonly name: string;
  readonly stroke: string;
  readonly strokeWidth: number;
  /** Of its line. */
  readonly strokeDasharray: string;
  /** Of its dots. */
  readonly symbol: Plot.SymbolType;
}

const strokes = ["first", "second", "third", "fourth"] as const;
const dashes = ["none", "8 3", "2 2", "9 3 2 3", "5 5"];
const symbols = ["circle", "square", "triangle", "diamond", "star"] as const;

/**
 * Gives each variant a line that no other has, in colour and dashes, or dots in colour and shape. The reference
 * looks as in other charts. Of up to 20 others no two are alike, and of up to four each has its own colour.
 */
export function seriesOf(names: readonly string[], reference?: string): readonly Series[] {
  const others = names.filter((name) => name !== reference);
  return names.map((name) => {
    if (name === reference) return { name, symbol: "cross", ...referenceLine };
    const at = others.indexOf(name);
    return {
      name,
      stroke: colour(strokes[at % strokes.length]),
      strokeWidth: 2,
      strokeDasharray: dashes[at % dashes.length],
      symbol: symbols[at % symbols.length],
    };
  });
}

/** Returns the options of a variant's line. */
export function lineOf({ stroke, strokeWidth, strokeDasharray }: Series) {
  return { stroke, strokeWidth, strokeDasharray };
}

/** Lengths in pixels: of a sample of a line, of a letter, between entries, and from row to row. */
const [lineLength, letter, between, row] = [24, 5.8, 16, 16];

/** The most letters of a name: instances may have long ones. */
const longestName = 36;

/** Where a legend begins from the left edge and how wide it may become, in pixels, and what it explains. */
interface LegendOptions {
  readonly left: number;
  readonly width: number;
  readonly of?: "lines" | "dots";
}

/**
 * Makes a legend, whose entries fill row after row.
 *
 * @returns its height in pixels, and its marks, which stand at the drawing's top
 */
export function legendOf(
  series: readonly Series[],
  { left, width, of = "lines" }: LegendOptions,
): { readonly height: number; readonly marks: readonly Plot.Markish[] } {
  const sample = of === "lines" ? lineLength : 8;
  let [x, y] = [0, row / 2];
  const marks = series.flatMap((one) => {
    const { name, stroke, symbol } = one;
    const text = name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name;
    const taken = sample + 5 + letter * text.length;
    if (x > 0 && x + taken > width) [x, y] = [0, y + row];
    const [from, to] = [left + x, left + x + sample];
    x += taken + between;
    const picture = of === "lines"
      ? Plot.link([0], {
        x1: inPixels(from),
        x2: inPixels(to),
        y1: inPixels(y),
        y2: inPixels(y),
        ...lineOf(one),
      })
      : Plot.dot([0], { x: inPixels(from + sample / 2), y: inPixels(y), r: 3.5, symbol, fill: stroke });
    return [picture, Plot.text([text], { x: inPixels(to + 5), y: inPixels(y), textAnchor: "start" })];
  });
  return { height: y + row / 2, marks };
}

/** A place of a single mark in the drawing itself, whatever its axes show. */
function inPixels(place: number) {
  return { value: [place], scale: null };
}
