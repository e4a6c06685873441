import type { ReliabilityBin } from "../calibration/metrics/reliability.ts";

/** A report before it becomes Markdown or HTML, which both show the same text and the same tables. */
export interface ReportDocument {
  readonly title: string;
  /** A sentence or two on what was done. */
  readonly summary: string;
  readonly sections: readonly Section[];
}

/** A heading and what stands below it. */
export interface Section {
  readonly heading: string;
  readonly blocks: readonly Block[];
}

/** A part of a section. */
export type Block =
  | { readonly kind: "paragraph"; readonly text: readonly Inline[] }
  /** The answer that a reader came for. */
  | { readonly kind: "verdict"; readonly text: string }
  /** Text that a reader must not miss. */
  | { readonly kind: "warning"; readonly text: readonly Inline[] }
  | { readonly kind: "definitions"; readonly items: readonly Definition[] }
  | { readonly kind: "table"; readonly table: Table; readonly origin?: Origin }
  | { readonly kind: "diagrams"; readonly diagrams: readonly Diagram[] };

/** Text, or code to type. */
export type Inline = string | { readonly code: string };

/** A term and its explanation. */
export interface Definition {
  readonly term: string;
  readonly meaning: string;
}

/** Where figures come from. */
export interface Origin {
  /** The stage's name in the pipelines of this project. */
  readonly stage: string;
  /** The file of its output that they stand in. */
  readonly file: string;
  /** The SHA-256 of that file, where there is a single one. */
  readonly digest?: string;
}

/** A table whose first column names the rows and whose other columns hold figures. */
export interface Table {
  readonly caption: string;
  readonly headings: readonly string[];
  /** Groups of rows that belong together. */
  readonly groups: readonly (readonly Row[])[];
  /** Whether the names of rows are texts of any length, which may be broken into lines. */
  readonly ofTexts?: boolean;
}

/** A row of a table. */
export interface Row {
  readonly name: string;
  /** Figures. What stands behind a line feed, such as an interval, comes below the figure where there is room. */
  readonly cells: readonly string[];
}

/** The reliability diagrams of one variant: before and after temperature scaling. */
export interface Diagram {
  readonly variant: string;
  readonly panels: readonly Panel[];
}

/** One reliability diagram. */
export interface Panel {
  readonly caption: string;
  readonly bins: readonly ReliabilityBin[];
}
