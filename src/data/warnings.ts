import { excerpt, excerpts } from "../excerpt.ts";
import { FileParts } from "./file_parts.ts";
import { normalised } from "./near_duplicates.ts";
import type { Partition } from "./partition.ts";
import type { RowList } from "./row_list.ts";
import type { Row } from "./rows.ts";
import type { Source } from "./source.ts";
import { splitNames } from "./splits.ts";

/** Some characters of a person's data, which leave room for another piece beside them. */
const longestText = 80;

/**
 * Says what of a data set may be a mistake but needn't be one: rows of a single class, a class without rows
 * in a split, one text with several labels, and texts with characters that can't be seen.
 *
 * @returns a line for each, with how many there are and an example
 */
export function dataWarnings(source: Source, { perClass, groups }: Partition): string[] {
  const { rows } = new FileParts(source);
  const counts = source.classes.map(() => 0);
  const odd = new Finding(/[\p{Cc}\ufffd]/u);
  const invisible = new Finding(/^[\p{C}\p{Z}\s]*$/u);
  for (const row of rows) {
    counts[row.label]++;
    odd.look(row);
    invisible.look(row);
  }
  return [
    ...(source.areClassesInferred ? oddClasses(source.classes) : []),
    ...ofOneClass(counts, rows.length, source.classes) ?? missingClasses(perClass, source.classes),
    ...contradictions(groups, source.classes),
    // Tokenizers pass over control characters; replacement characters stand for what an earlier conversion lost.
    ...odd.describe("control or replacement characters"),
    ...invisible.describe("no character that can be seen"), // it is empty to a tokenizer
  ].map((text) => `warning: ${text}`);
}

/** What labels are in files where a row has none. */
const noLabels = new Set(["-", "-1", "nan", "none", "null", "n/a"]);

/** Where nobody named the classes, a mistake in a label makes another class. */
function oddClasses(classes: readonly string[]): string[] {
  const folded = (name: string) => name.normalize("NFKC").trim().toLowerCase();
  const alike = [...Map.groupBy(classes, folded).values()].filter((names) => names.length > 1);
  return [
    ...classes.filter((name) => noLabels.has(folded(name))).map((name) =>
      `the class ${excerpt(name)} may mean that a row has no label; \`noLabel\` drops such rows`
    ),
    ...alike.map((names) => `the classes ${excerpts(names, longestText)} differ in case or spaces alone`),
  ];
}

function ofOneClass(
  counts: readonly number[],
  total: number,
  classes: readonly string[],
): string[] | undefined {
  const only = counts.indexOf(total);
  if (only < 0) return undefined;
  return [`all ${total} rows are of the class ${excerpt(classes[only], longestText)}`];
}

function missingClasses(perClass: Partition["perClass"], classes: readonly string[]): string[] {
  return splitNames.flatMap((name) => {
    const missing = classes.filter((_, label) => perClass[name][label] === 0);
    if (missing.length === 0) return [];
    const number = missing.length === 1 ? "the class" : `${missing.length} classes`;
    return [`${name} has no row of ${number} ${excerpts(missing, longestText)}`];
  });
}

/** A text that has several labels. */
interface Contradiction {
  readonly first: Row;
  readonly other: Row;
  /** How many rows have this text. */
  readonly count: number;
}

/** Only rows of one group can have the same text. */
function contradictions(groups: Partition["groups"], classes: readonly string[]): string[] {
  let example: Contradiction | undefined;
  let [texts, rows] = [0, 0];
  for (const group of groups) {
    for (const contradiction of contradictionsIn(group)) {
      example ??= contradiction;
      texts++;
      rows += contradiction.count;
    }
  }
  if (!example) return [];
  const { first, other } = example;
  const [one, another] = [first, other].map(({ id, label }) =>
    `${excerpt(classes[label], 20)} at ${excerpt(id, 40)}`
  );
  return [
    `${counted(texts, "text has", "texts have")} several labels, in ${rows} rows; ` +
    `for example ${excerpt(first.text, longestText)}: ${one}, ${another}`,
  ];
}

function* contradictionsIn(group: RowList): Generator<Contradiction> {
  const found = new Map<string, { first: Row; other?: Row; count: number }>();
  for (const row of group) {
    const text = normalised(row);
    const known = found.get(text);
    if (!known) found.set(text, { first: row, count: 1 });
    else {
      known.count++;
      if (row.label !== known.first.label) known.other ??= row;
    }
  }
  for (const { first, other, count } of found.values()) if (other) yield { first, other, count };
}

/** Counts rows with a text of some kind, and keeps the first of them. */
class Finding {
  readonly #pattern: RegExp;
  #count = 0;
  #first: { readonly id: string; readonly text: string } | undefined;

  constructor(pattern: RegExp) {
    this.#pattern = pattern;
  }

  look({ id, text, pair }: Row): void {
    const found = [text, pair].find((one) => one !== undefined && this.#pattern.test(one));
    if (found === undefined) return;
    this.#count++;
    this.#first ??= { id, text: found };
  }

  /** Says how many rows were found, with the first. */
  describe(holds: string): string[] {
    if (!this.#first) return [];
    const { id, text } = this.#first;
    // What is told of may be far from the beginning.
    const start = Math.max(0, text.search(this.#pattern) - longestText / 3);
    const shown = `${excerpt(text.slice(start), longestText)} at ${excerpt(id, 40)}`;
    return [`${counted(this.#count, "row has", "rows have")} a text with ${holds}; for example ${shown}`];
  }
}

function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}
