import * as Plot from "@observablehq/plot";
import { colour } from "./colours.ts";

/** The size of a panel of which three fit side by side, in pixels. */
export const panelSize = {
  width: 320,
  height: 210,
  marginLeft: 54,
  marginRight: 12,
  marginTop: 10,
  marginBottom: 36,
};

/** Options of an axis with a name in its middle. */
export const named = (label: string) => ({ label, labelAnchor: "center", labelArrow: "none" }) as const;

/** Lines behind everything else, at the ticks of the vertical axis. */
export const gridY = (ticks: number | readonly number[] = 5) =>
  Plot.gridY({
    ticks: typeof ticks === "number" ? ticks : [...ticks],
    stroke: colour("grid"),
    strokeOpacity: 1,
  });

export const gridX = (ticks: number) => Plot.gridX({ ticks, stroke: colour("grid"), strokeOpacity: 1 });

/** What a line of the reference looks like, beside a variant's line without dashes. */
export const referenceLine = {
  stroke: colour("reference"),
  strokeWidth: 1.5,
  strokeDasharray: "5 3",
} as const;

export const variantLine = { stroke: colour("first"), strokeWidth: 2 } as const;
