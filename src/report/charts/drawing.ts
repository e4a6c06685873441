import * as Plot from "@observablehq/plot";
import { DOMParser } from "linkedom";
import type { Drawing } from "../document.ts";
import { markup } from "../markup.ts";
import { colour } from "./colours.ts";

/** The attributes that hold lengths and places. */
const geometry = [
  ...["d", "transform", "x", "y", "dx", "dy", "x1", "x2", "y1", "y2", "cx", "cy", "r"],
  ...["width", "height"],
];

/** What a plot is made of, and its size in pixels. */
type PlotDescription = Plot.PlotOptions & { readonly width: number; readonly height: number };

/**
 * Draws a plot as SVG that depends on nothing but the options: in named colours, without a stylesheet, and with
 * lengths in hundredths of a pixel, which is finer than any screen.
 *
 * @param label A text for those who can't see the picture.
 */
export function draw(label: string, { width, height, ...options }: PlotDescription): Drawing {
  const document = new DOMParser().parseFromString("<!DOCTYPE html><html><body></body></html>", "text/html");
  const svg = Plot.plot({ ...options, width, height, document });
  for (const style of svg.querySelectorAll("style")) style.remove();
  for (const element of svg.querySelectorAll("*")) {
    element.removeAttribute("aria-label"); // of groups of marks, which is no text for readers
    for (const name of geometry) {
      const lengths = element.getAttribute(name);
      if (lengths !== null) element.setAttribute(name, rounded(lengths));
    }
  }
  svg.removeAttribute("class");
  svg.setAttribute("font-size", "11");
  const [, attributes] = svg.outerHTML.split(/^<svg/);
  const { source } = markup`<svg role="img" aria-label="${label}"`;
  return { width, height, svg: (source + attributes).replaceAll("currentColor", colour("text")) };
}

function rounded(lengths: string): string {
  return lengths.replaceAll(
    /-?\d+\.\d+(?:e-?\d+)?/g,
    (length) => String(Math.round(100 * Number(length)) / 100),
  );
}
