/** The colours of charts can be told apart by people with any common kind of colour blindness, by simulation. */
import assert from "node:assert/strict";
import { colourDeclarations } from "../../../src/report/charts/colours.ts";

type Triple = readonly [number, number, number];

/** What people without one kind of cone see of linear RGB (Machado, Oliveira and Fernandes 2009, severity 1). */
const simulations: Readonly<Record<string, readonly [Triple, Triple, Triple]>> = {
  none: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [
    -0.003882,
    -0.048116,
    1.051998,
  ]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [
    -0.01182,
    0.04294,
    0.968881,
  ]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [
    0.004733,
    0.691367,
    0.3039,
  ]],
};

const linear = (colour: string): Triple => {
  const channel = (at: number) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
};

const times = (matrix: readonly Triple[], [r, g, b]: Triple): Triple => {
  const [x, y, z] = matrix.map((row) => row[0] * r + row[1] * g + row[2] * b);
  return [x, y, z];
};

/** CIELAB of linear sRGB under D65. */
function lab(rgb: Triple): Triple {
  const [x, y, z] = times([
    [0.4124564, 0.3575761, 0.1804375],
    [0.2126729, 0.7151522, 0.072175],
    [0.0193339, 0.119192, 0.9503041],
  ], rgb);
  const f = (t: number) => t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29;
  const [fx, fy, fz] = [f(x / 0.95047), f(y), f(z / 1.08883)];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

/** How different two colours look (CIE 1976): 2.3 is just noticeable. */
function difference(a: string, b: string, matrix: readonly Triple[]): number {
  const [one, other] = [a, b].map((colour) => lab(times(matrix, linear(colour))));
  return Math.hypot(...one.map((value, at) => value - other[at]));
}

/** Lines of variants in one drawing, beside the reference's. */
const lines = ["first", "second", "third", "fourth", "reference"];

const pairs = [
  ...lines.flatMap((a, at) => lines.slice(at + 1).map((b) => [a, b])),
  ...lines.map((line) => [line, "surface"]),
  ...[["first", "band"], ["second", "band"]],
];

for (const scheme of ["light", "dark"] as const) {
  for (const [kind, matrix] of Object.entries(simulations)) {
    Deno.test(`colours of charts differ, ${scheme}, colour blindness: ${kind}`, () => {
      const declared = Object.fromEntries(
        [...colourDeclarations(scheme).matchAll(/--chart-(\w+): (#\w{6});/g)].map((
          [, name, value],
        ) => [name, value]),
      );
      for (const [a, b] of pairs) {
        const found = difference(declared[a], declared[b], matrix);
        assert.ok(found > 20, `${a} and ${b}: ${found}`);
      }
    });
  }
}
