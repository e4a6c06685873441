import type { Row } from "./rows.ts";

/** A source of data: texts with labels, before they are split. */
export interface Source {
  /** The names of the classes, in the order of the labels. */
  readonly classes: readonly string[];
  /** True if each row holds two texts. */
  readonly pairs: boolean;
  /** The rows to train on, or all rows where there is no `dev`. */
  readonly rows: readonly Row[];
  /** The rows to evaluate on, where the source itself keeps them apart. */
  readonly dev?: readonly Row[];
}
