import { excerpt, excerpts } from "../excerpt.ts";
import { FileParts } from "./file_parts.ts";
import { normalised } from "./near_duplicates.ts";
import type { Partition } from "./partition.ts";
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
export function dataWarnings(source: Source, { splits, groups }: Partition): string[] {
  const { rows } = new FileParts(source);
  return [
    ...(source.areClassesInferred ? oddClasses(source.classes) : []),
    ...ofOneClass(rows, source.classes) ?? missingClasses(splits, source.classes),
    ...contradictions(groups, source.classes),
    ...oddCharacters(rows),
    ...invisibleTexts(rows),
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

/** Counts the rows of each class. */
export function countClasses(rows: readonly Row[], classes: readonly string[]): number[] {
  const counts = classes.map(() => 0);
  for (const { label } of rows) counts[label]++;
  return counts;
}

function ofOneClass(rows: readonly Row[], classes: readonly string[]): string[] | undefined {
  const counts = countClasses(rows, classes);
  const only = counts.indexOf(rows.length);
  if (only < 0) return undefined;
  return [`all ${rows.length} rows are of the class ${excerpt(classes[only], longestText)}`];
}

function missingClasses(splits: Partition["splits"], classes: readonly string[]): string[] {
  return splitNames.flatMap((name) => {
    const counts = countClasses(splits[name], classes);
    const missing = classes.filter((_, label) => counts[label] === 0);
    if (missing.length === 0) return [];
    const number = missing.length === 1 ? "the class" : `${missing.length} classes`;
    return [`${name} has no row of ${number} ${excerpts(missing, longestText)}`];
  });
}

/** Only rows of one group can have the same text. */
function contradictions(groups: Partition["groups"], classes: readonly string[]): string[] {
  const texts = groups.flatMap((group) => {
    const labels = new Set(group.map(({ label }) => label));
    if (labels.size === 1) return [];
    const sameText = [...Map.groupBy(group, normalised).values()];
    return sameText.flatMap((rows) => {
      const other = rows.find(({ label }) => label !== rows[0].label);
      return other ? [{ count: rows.length, first: rows[0], other }] : [];
    });
  });
  if (texts.length === 0) return [];
  const [{ first, other }] = texts;
  const rows = texts.reduce((sum, { count }) => sum + count, 0);
  const [one, another] = [first, other].map(({ id, label }) =>
    `${excerpt(classes[label], 20)} at ${excerpt(id, 40)}`
  );
  return [
    `${counted(texts.length, "text has", "texts have")} several labels, in ${rows} rows; ` +
    `for example ${excerpt(first.text, longestText)}: ${one}, ${another}`,
  ];
}

/**
 * Tokenizers pass over control characters, and replacement characters stand for what was lost in an earlier
 * conversion.
 */
function oddCharacters(rows: readonly Row[]): string[] {
  return withExample(rows, /[\p{Cc}\ufffd]/u, "control or replacement characters");
}

/** A text of such characters alone is empty to a tokenizer. */
function invisibleTexts(rows: readonly Row[]): string[] {
  return withExample(rows, /^[\p{C}\p{Z}\s]*$/u, "no character that can be seen");
}

function withExample(rows: readonly Row[], pattern: RegExp, holds: string): string[] {
  let count = 0;
  let example: { readonly id: string; readonly text: string } | undefined;
  for (const { id, text, pair } of rows) {
    const found = [text, pair].find((one) => one !== undefined && pattern.test(one));
    if (found === undefined) continue;
    count++;
    example ??= { id, text: found };
  }
  if (!example) return [];
  const { id, text } = example;
  // What is told of may be far from the beginning.
  const start = Math.max(0, text.search(pattern) - longestText / 3);
  const shown = `${excerpt(text.slice(start), longestText)} at ${excerpt(id, 40)}`;
  return [`${counted(count, "row has", "rows have")} a text with ${holds}; for example ${shown}`];
}

function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}
