import type { Row } from "./rows.ts";

/** What a source of data gives: texts with labels, before they are split. */
export interface Source {
  /** In the order of the labels. */
  readonly classes: readonly string[];
  /** Whether each row holds two texts. */
  readonly pairs: boolean;
  /** What is trained on, or, without `dev`, all there is. */
  readonly rows: readonly Row[];
  /** What is evaluated on, where the source keeps it apart itself. */
  readonly dev?: readonly Row[];
}
