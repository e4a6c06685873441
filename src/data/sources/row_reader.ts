import { InputError } from "../../errors.ts";
import { excerpt, excerpts } from "../../excerpt.ts";
import { cleaned } from "../cleanup.ts";
import { copied } from "../copied.ts";
import { HashTable } from "../hash_table.ts";
import { InferredClasses } from "../inferred_classes.ts";
import { LabelReader } from "../labels.ts";
import { type RowList, rowList } from "../row_list.ts";
import type { UnlabelledRow } from "../source.ts";
import type { GrowingList } from "../stored_list.ts";
import { hashOf } from "../word_sets.ts";
import { textOfLabel } from "./label_text.ts";
import { textOfNumber } from "./number_text.ts";
import type { SourceOptions } from "./options.ts";
import type { Column, FileRecord } from "./record.ts";
import { majority, readVotes, sharesOf, type Votes, votesColumns } from "./votes.ts";

/** A row as it was read; its class and votes go by the numbers that labels had when they were first read. */
export interface ReadRow {
  readonly id: string;
  readonly text: string;
  readonly pair?: string;
  readonly label: number;
  readonly votes?: readonly (readonly [number, number])[];
  /** The record that it was made of, where it has an id of its own. */
  readonly record?: string;
}

/** Makes rows of a source's records. */
export class RowReader {
  /** The columns whose values each record has to give. */
  readonly columns: readonly Column[];
  /** The records that are no rows, since they have no label. */
  readonly unlabelled: UnlabelledRow[] = [];
  readonly #options: SourceOptions;
  /** Where in a record's values the columns are. */
  readonly #places: Readonly<Record<"text" | "pair" | "label" | "id" | "votes", number>>;
  readonly #labels: LabelReader | InferredClasses;
  readonly #noLabel: ReadonlySet<string>;
  readonly #rows: GrowingList<ReadRow>;
  readonly #ids = new HashTable(); // of the rows that have an id of their own

  /** @param rows an empty list, which the rows are kept in */
  constructor(options: SourceOptions, rows: GrowingList<ReadRow>) {
    const { columns, classes, noLabel } = options;
    const single = (["text", "pair", "label", "id"] as const).filter((name) => columns[name] !== undefined);
    this.columns = [...single.map((name) => columns[name]!), ...votesColumns(columns.votes)];
    this.#places = {
      text: 0,
      pair: single.indexOf("pair"),
      label: single.indexOf("label"),
      id: single.indexOf("id"),
      votes: single.length,
    };
    this.#options = options;
    this.#rows = rows;
    this.#labels = classes ? new LabelReader(classes) : new InferredClasses();
    this.#noLabel = new Set(noLabel);
  }

  /**
   * Makes a row of a record, unless it has no label, or no text and such are skipped.
   *
   * @throws {InputError} where a text is empty or an id occurs twice
   */
  read(record: FileRecord): void {
    const { cleanup } = this.#options;
    const { text, pair, label: labelPlace, id } = this.#places;
    const textOf = (place: number) => cleaned(textIn(record, place), cleanup) || noText(record, place);
    if (this.#options.skipsTextless && [text, pair].some((place) => place >= 0 && !hasText(record, place))) {
      this.unlabelled.push({ id: record.id, reason: "no text" });
      return;
    }
    const written = this.#writtenLabel(record);
    if (written !== undefined && this.#noLabel.has(written)) {
      this.unlabelled.push({ id: record.id, reason: "no label", label: written });
      return;
    }
    const votes = this.#votesOf(record);
    const label = written === undefined
      ? majority(votes!)
      : this.#labels.read(written, () => record.at(labelPlace));
    if (label === undefined) {
      this.unlabelled.push({ id: copied(record.id), reason: "no majority of votes" });
      return;
    }
    this.#rows.append({
      ...(id < 0 ? { id: record.id } : { id: this.#uniqueId(record, id), record: record.id }),
      text: textOf(text),
      label,
      ...(pair >= 0 && { pair: textOf(pair) }),
      ...(votes && { votes: [...votes] }),
    });
  }

  /**
   * Returns the classes, and all rows with their classes and votes in the order of these, which is known when all are
   * read.
   *
   * @throws {InputError} where a label is outside the classes, or there are fewer than two
   */
  finish(): { readonly classes: readonly string[]; readonly rows: RowList } {
    const labels = this.#labels;
    if (labels instanceof LabelReader) labels.check();
    const classes = labels instanceof LabelReader ? this.#options.classes! : labels.names();
    checkVotesColumns(this.#options.columns.votes, classes);
    const places = labels instanceof LabelReader ? Int32Array.from(classes.keys()) : labels.places(classes);
    const rows = rowList(this.#rows.length, (index) => {
      const { id, text, pair, label, votes } = this.#rows.at(index);
      return {
        id,
        text,
        label: places[label],
        ...(pair !== undefined && { pair }),
        ...(votes && { votes: sharesOf(new Map(votes), classes.length, places) }),
      };
    });
    return { classes, rows };
  }

  #votesOf(record: FileRecord): Votes | undefined {
    const { votes } = this.#options.columns;
    if (votes === undefined) return undefined;
    const first = this.#places.votes;
    return readVotes(votes, {
      values: record.values.slice(first),
      at: (index) => record.at(first + index),
      classOf: (label, at) => this.#labels.read(this.#options.spellings?.get(label) ?? label, at),
      noLabel: this.#noLabel,
    });
  }

  /** Returns a record's label as the source's spellings have it; undefined where votes stand for labels. */
  #writtenLabel(record: FileRecord): string | undefined {
    const { label: place } = this.#places;
    if (place < 0) return undefined;
    const written = copied(textOfLabel(record.values[place], () => record.at(place), "columns.label"));
    return this.#options.spellings?.get(written) ?? written;
  }

  #uniqueId(record: FileRecord, place: number): string {
    const id = textIn(record, place).trim() || noText(record, place);
    const hash = hashOf(id);
    for (const index of this.#ids.find(hash)) {
      const earlier = this.#rows.at(index);
      if (earlier.id !== id) continue;
      throw new InputError({
        at: record.at(place),
        found: `the id ${excerpt(id)} again (it is at ${earlier.record})`,
        expected: "another id for each row",
        fix: "Give each row its own id, or leave `columns.id` out to name rows by file and line.",
      });
    }
    this.#ids.add(hash, this.#rows.length);
    return id;
  }
}

function textIn(record: FileRecord, place: number): string {
  const value = record.values[place];
  if (typeof value === "string") return value;
  if (typeof value === "number") return textOfNumber(value, () => record.at(place));
  if (typeof value === "bigint") return String(value);
  return noText(record, place);
}

function hasText({ values }: FileRecord, place: number): boolean {
  return String(values[place] ?? "").trim() !== "";
}

function noText(record: FileRecord, place: number): never {
  const value = record.values[place];
  const found = value === undefined
    ? "nothing"
    : value === null
    ? "null"
    : typeof value === "string"
    ? "an empty field"
    : Array.isArray(value)
    ? "a list"
    : typeof value === "object"
    ? "an object"
    : String(value);
  throw new InputError({
    at: record.at(place),
    found,
    expected: "a text",
    fix: "Fill it, or remove the line.",
  });
}

/** Votes with a column for each class need one for each. */
function checkVotesColumns(votes: SourceOptions["columns"]["votes"], classes: readonly string[]): void {
  if (typeof votes !== "object" || Array.isArray(votes)) return;
  const names = Object.keys(votes);
  const missing = classes.filter((name) => !names.includes(name));
  if (missing.length === 0) return;
  throw new InputError({
    found: `columns.votes without the class ${excerpts(missing)}`,
    expected: "a column for each class",
    fix: "Add it, or correct `columns.label`.",
  });
}
