import type { ReliabilityBin } from "../calibration/metrics/reliability.ts";

/** A report before it is Markdown or HTML: the two show the same text and the same tables. */
export interface ReportDocument {
  readonly title: string;
  /** One sentence on what was done. */
  readonly summary: string;
  readonly sections: readonly Section[];
}

export interface Section {
  readonly heading: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: "paragraph"; readonly text: readonly Inline[] }
  /** What a reader must not miss. */
  | { readonly kind: "warning"; readonly text: readonly Inline[] }
  | { readonly kind: "definitions"; readonly items: readonly Definition[] }
  | { readonly kind: "table"; readonly table: Table }
  | { readonly kind: "diagrams"; readonly diagrams: readonly Diagram[] };

/** Text, or something to type. */
export type Inline = string | { readonly code: string };

export interface Definition {
  readonly term: string;
  readonly meaning: string;
}

/** The first column names the rows; the others hold figures. */
export interface Table {
  readonly caption: string;
  readonly headings: readonly string[];
  /** Rows that belong together. */
  readonly groups: readonly (readonly Row[])[];
  /** The rows' names are texts of any length, which may be broken into lines. */
  readonly ofTexts?: boolean;
}

export interface Row {
  readonly name: string;
  readonly cells: readonly string[];
}

/** One variant's reliability before and after temperature scaling. */
export interface Diagram {
  readonly variant: string;
  readonly panels: readonly Panel[];
}

export interface Panel {
  readonly caption: string;
  readonly bins: readonly ReliabilityBin[];
}
