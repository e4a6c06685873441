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
  | { readonly kind: "chart"; readonly chart: Chart }
  /** Tables that are shown when they are asked for. */
  | { readonly kind: "details"; readonly summary: string; readonly tables: readonly Table[] };

/** Text, code to type, or a text that leads to a page beside the report, where that page may be missing. */
export type Inline =
  | string
  | { readonly code: string }
  | { readonly text: string; readonly page: string };

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

/** A picture as SVG whose texts are escaped. */
export interface Drawing {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  readonly svg: string;
}

/** One or more drawings side by side, which are also a file, `plots/<name>.svg`. */
export interface Chart {
  /** A word for the file's name, never from data. */
  readonly name: string;
  /** What is shown, and how it is read. */
  readonly caption: string;
  readonly panels: readonly Panel[];
  /** Whether each two panels belong together, side by side. */
  readonly inPairs?: boolean;
}

/** One drawing of a chart. */
export interface Panel {
  readonly title: string;
  readonly drawing: Drawing;
}
