import type { Dataset } from "./dataset.ts";
import type { RowList } from "./row_list.ts";

/** A source of data: texts with labels, before they are split. */
export interface Source {
  /** The names of the classes, in the order of the labels. */
  readonly classes: readonly string[];
  /** True if each row holds two texts. */
  readonly pairs: boolean;
  /** The rows to train on, or all rows where there is no `dev`. */
  readonly rows: RowList;
  /** The rows to evaluate on, where the source itself keeps them apart. */
  readonly dev?: RowList;
  /** The rows of dev1 and dev2, and of tune, where the source itself divides them so. */
  readonly given?: GivenSplits;
  /** The rows of a test set that is kept as it is. */
  readonly test?: RowList;
  /** Whether the classes are those that occur, since none were named. */
  readonly areClassesInferred?: boolean;
  /** The rows that were left out because they have no label, or no text. */
  readonly unlabelled?: readonly UnlabelledRow[];
  /** The figure by which results on this data are usually reported. */
  readonly metric?: Dataset["metric"];
  /** What is to be said of how the source was read. */
  readonly notes?: readonly string[];
}

/** The splits that a source itself may have, beside `train`. Without `tune`, that is taken from the rows to train on. */
export type GivenSplits =
  & Readonly<Record<"dev1" | "dev2", RowList>>
  & { readonly tune?: RowList };

/** A row that has no label, or no text, and so is in no split. */
export type UnlabelledRow =
  | { readonly id: string; readonly reason: "no label"; readonly label: string }
  | { readonly id: string; readonly reason: "no majority of votes" }
  | { readonly id: string; readonly reason: "no text" };
