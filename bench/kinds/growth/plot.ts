import * as Plot from "@observablehq/plot";
import { gridY, named, panelSize, variantLine } from "../../../src/report/charts/axes.ts";
import { colour } from "../../../src/report/charts/colours.ts";
import { draw } from "../../../src/report/charts/drawing.ts";
import { chartFile } from "../../../src/report/charts/file.ts";

/** The times of one size that grows. */
export interface GrowthCurve {
  readonly name: string;
  /** The power of the size that fits the times best. */
  readonly exponent: number;
  /** Sizes in ascending order, with milliseconds. */
  readonly points: readonly (readonly [size: number, milliseconds: number])[];
}

/**
 * Draws a panel for each curve, as an SVG file. Along an axis the same distance is the same factor in all
 * panels, so that slopes can be compared.
 */
export function growthPlot(curves: readonly GrowthCurve[]): string {
  const widest = (axis: 0 | 1) => Math.max(...curves.map((curve) => factorOf(valuesOf(curve, axis))));
  const factors = [widest(0), widest(1)] as const;
  const panels = curves.map((curve) => ({
    title: `${curve.name}: p = ${curve.exponent.toFixed(2)}`,
    drawing: drawCurve(curve, factors),
  }));
  return chartFile({ panels });
}

function drawCurve({ name, points }: GrowthCurve, factors: readonly [number, number]) {
  const logarithms = points.map(([size, milliseconds]) => [Math.log(size), Math.log(milliseconds)] as const);
  const axis = (of: 0 | 1) => {
    const values = logarithms.map((point) => point[of]);
    const lowest = Math.min(...values);
    const length = Math.log(factors[of]);
    const ends = [lowest, ...values.filter((value) => value === Math.max(...values))];
    // Two labels that would touch are one.
    const ticks = of === 0 ? values : ends.filter((end, index) => index === 0 || end - lowest > length / 10);
    return { domain: [lowest, lowest + length], ticks, tickFormat: labelOf };
  };
  const told = points.map(([size, milliseconds]) => `${milliseconds.toFixed(1)} ms at ${size}`);
  return draw(`Time against ${name}: ${told.join(", ")}`, {
    ...panelSize,
    x: { ...axis(0), ...named(name) },
    y: { ...axis(1), ...named("Milliseconds") },
    marks: [
      gridY(axis(1).ticks),
      Plot.line(logarithms, variantLine),
      Plot.dot(logarithms, { r: 3, fill: colour("first") }),
    ],
  });
}

function valuesOf({ points }: GrowthCurve, axis: 0 | 1): number[] {
  return points.map((point) => point[axis]);
}

/** Writes what a logarithm is of: from 10,000 on in thousands, so that neighbours on an axis don't touch. */
function labelOf(logarithm: number): string {
  const value = Math.exp(logarithm);
  if (value >= 9999.5) return `${Math.round(value / 1000)}k`;
  return value < 99.95 ? String(Math.round(10 * value) / 10) : String(Math.round(value));
}

/** The ratio of the largest value to the smallest. */
function factorOf(values: readonly number[]): number {
  return Math.max(...values) / Math.min(...values);
}
