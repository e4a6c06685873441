/** Guesses which columns hold the text, the second text of a pair and the label. */

import { InputError } from "../../errors.ts";
import { excerpt } from "../../excerpt.ts";
import type { Column } from "../sources/record.ts";
import type { ColumnSurvey, FileSurvey } from "./survey.ts";

/** The columns that hold what a classifier learns from. */
export interface Roles {
  readonly text: Column;
  readonly pair?: Column | undefined;
  readonly label: Column;
}

/** The columns that a person names, where one does. */
export type GivenRoles = Readonly<Partial<Record<keyof Roles, string | undefined>>>;

/** Common names of columns, the likeliest first. */
const labelNames = [
  ...[
    "label",
    "gold_label",
    "labels",
    "class",
    "category",
    "intent",
    "sentiment",
    "target",
    "majority_label",
  ],
  ...["quality", "is_duplicate", "rating", "stars", "score", "topic", "tag", "emotion", "y"],
];
const textNames = [
  ...[
    "text",
    "sentence",
    "review",
    "content",
    "body",
    "message",
    "utterance",
    "tweet",
    "comment",
    "document",
  ],
  ...["question", "query", "description", "title"],
];
const pairNames = [
  ...[["text", "pair"], ["text", "text_pair"]],
  ...[["premise", "hypothesis"], ["question", "sentence"], ["question", "passage"], ["query", "passage"]],
  ...[["question", "answer"], ["context", "response"]],
];

/**
 * Guesses the columns that nobody has named.
 *
 * @throws {InputError} where no column can be a text's or the label's, saying what there is
 */
export function rolesIn(file: string, { columns, header }: FileSurvey, given: GivenRoles): Roles {
  const named = (role: keyof Roles) => {
    const name = given[role];
    if (name === undefined) return undefined;
    return columns.some(({ column }) => column === name) || !/^\d+$/.test(name) ? name : Number(name);
  };
  const label = named("label") ?? guessLabel(columns, [named("text"), named("pair")]);
  if (label === undefined) throw noColumn(file, columns, "label", header);
  const others = columns.filter(({ column }) => column !== label && column !== named("pair"));
  const pairs = given.text === undefined && given.pair === undefined ? guessPair(others) : undefined;
  const text = named("text") ?? pairs?.[0] ?? guessText(others);
  if (text === undefined) throw noColumn(file, columns, "text", header);
  return { text, pair: named("pair") ?? pairs?.[1], label };
}

/** Says whether a column may hold labels: values that repeat. */
function mayBeLabel({ rows, values, isNested, characters }: ColumnSurvey): boolean {
  return values !== undefined && values.size > 1 && values.size < rows && !isNested && characters < 60;
}

function guessLabel(
  columns: readonly ColumnSurvey[],
  taken: readonly (Column | undefined)[],
): Column | undefined {
  const candidates = columns.filter((survey) => mayBeLabel(survey) && !taken.includes(survey.column));
  const byName = namedFirst(candidates, labelNames);
  if (byName) return byName.column;
  const [fewest] = candidates.filter(({ values, rows }) => values!.size <= rows / 2)
    .toSorted((a, b) => a.values!.size - b.values!.size);
  return fewest?.column;
}

function mayBeText({ numeric, isNested, characters, values }: ColumnSurvey): boolean {
  return numeric < 0.5 && !isNested && characters > 0 && values?.size !== 1;
}

function guessText(columns: readonly ColumnSurvey[]): Column | undefined {
  const candidates = columns.filter(mayBeText);
  const byName = namedFirst(candidates, textNames);
  if (byName) return byName.column;
  const [longest] = candidates.toSorted((a, b) => b.characters - a.characters);
  return longest?.column;
}

/** Returns two columns whose names belong together: `premise` and `hypothesis`, or `sentence1` and `sentence2`. */
function guessPair(columns: readonly ColumnSurvey[]): readonly [Column, Column] | undefined {
  const names = columns.filter(mayBeText).map(({ column }) => column)
    .filter((column) => typeof column === "string");
  const found = names.flatMap((first) => {
    const partner = partnerOf(first);
    const second = names.find((name) => name !== first && partner(name));
    return second === undefined ? [] : [[first, second] as const];
  });
  // Of sentence1 and sentence1_parse, the text is the one with the plainer name.
  return found.toSorted(([a], [b]) => a.length - b.length)[0];
}

/** Returns what tells whether a name is that of the second text beside a first one. */
function partnerOf(first: string): (name: string) => boolean {
  const known = pairNames.filter(([one]) => one === plain(first)).map(([, other]) => other);
  const counted = ["2", "b", "B"].flatMap((two, index) => {
    const one = ["1", "a", "A"][index];
    const at = one === "1" ? first.indexOf(one) : new RegExp(`(?<=[_ -])${one}$`).exec(first)?.index ?? -1;
    return at < 0 ? [] : [first.slice(0, at) + two + first.slice(at + 1)];
  });
  return (name) => known.includes(plain(name)) || counted.includes(name);
}

function namedFirst(columns: readonly ColumnSurvey[], names: readonly string[]): ColumnSurvey | undefined {
  return names.map((name) => columns.find(({ column }) => plain(column) === name))
    .find((survey) => survey !== undefined);
}

/** Returns a column's name in lower case, without what it is a member of. */
function plain(column: Column): string {
  return String(column).toLowerCase().split(".").at(-1)!.trim();
}

function noColumn(
  file: string,
  columns: readonly ColumnSurvey[],
  role: "label" | "text",
  header: boolean,
): InputError {
  const described = columns.map(({ column, values, isNested, rows }) => {
    const name = typeof column === "number" ? `column ${column}` : excerpt(column, 40);
    if (isNested) return `${name} (lists or objects)`;
    const [only] = values?.size === 1 ? values.keys() : [];
    const different = values === undefined ? "more than 1,000" : String(values.size);
    return `${name} (${
      only === undefined
        ? `${different} different values in ${rows} rows`
        : `${excerpt(only, 40)} in every row`
    })`;
  });
  const expected = role === "label"
    ? "a column of labels: 2 to 1,000 different ones, which repeat"
    : "a column of texts beside the labels";
  return new InputError({
    at: { file },
    found: described.length === 0 ? "no columns" : described.join(", "),
    expected,
    fix: `Name it by --${role}-column${header ? "" : ", by its number from 0"}, if there is one.`,
  });
}
