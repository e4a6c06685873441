import { InputError, type Location } from "../errors.ts";
import { excerpt, excerpts } from "../excerpt.ts";
import { suggestion } from "../nearest.ts";
import type { TransformerConfig } from "../nn/config.ts";
import type { Sequence } from "../nn/sequence.ts";
import type { Text } from "../nn/text.ts";

/** A text to classify, as a person gives it. */
export interface TextRow {
  /** The row's name; where it has none, whoever reads the rows numbers them. */
  readonly id?: string | number;
  /** The text, or its tokens where another program has made them. */
  readonly content: Text | Sequence;
}

/** The fields that hold a row's parts, where they have other names than `text`, `pair` and `id`. */
export interface TextFields {
  readonly text?: string | undefined;
  readonly pair?: string | undefined;
}

/**
 * Checks a row: `{"text": …}`, with `pair` where there are two texts, or `{"input_ids": […]}` with
 * `token_type_ids`; an `id` may be there. Other fields are ignored.
 *
 * @throws {InputError} where a field is missing or isn't what it should be.
 */
export function textRow(value: unknown, fields: TextFields, at: Location): TextRow {
  const row = rowFields(value, at);
  const id = checkId(row.id, at);
  const isTokenised = row.input_ids !== undefined && fields.text === undefined;
  return {
    ...(id === undefined ? {} : { id }),
    content: isTokenised ? tokens(row, at) : texts(row, fields, at),
  };
}

/**
 * Returns a row's fields.
 *
 * @throws {InputError} where it is no object
 */
export function rowFields(value: unknown, at: Location): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InputError({ at, found: shown(value), expected: 'an object such as {"text": "…"}' });
  }
  return value as Readonly<Record<string, unknown>>;
}

/** Whether a row's content is its tokens. */
export function isTokenised(content: Text | Sequence): content is Sequence {
  return "ids" in content;
}

/**
 * Checks that an encoder can read these tokens.
 *
 * @throws {InputError} where there are too many of them, or one isn't in its vocabulary.
 */
export function checkTokens(
  { ids, typeIds = [] }: Sequence,
  { maxPositions, firstPosition, vocabularySize, typeCount }: TransformerConfig,
  at: Location,
): void {
  const positions = maxPositions - firstPosition;
  if (ids.length > positions) {
    throw new InputError({ at, found: `${ids.length} tokens`, expected: `at most ${positions}` });
  }
  for (
    const [name, values, count] of [["input_ids", ids, vocabularySize], [
      "token_type_ids",
      typeIds,
      typeCount,
    ]] as const
  ) {
    if (name === "token_type_ids" && count === 0) continue; // the model has no use for them
    const wrong = Array.from(values).find((id) => id >= count);
    if (wrong === undefined) continue;
    const fix = "The ids have to be of the tokenizer that belongs to the model.";
    throw new InputError({ at, found: `${wrong} in ${name}`, expected: `ids below ${count}`, fix });
  }
}

function texts(row: Readonly<Record<string, unknown>>, fields: TextFields, at: Location): Text {
  const text = textOf(row, fields.text ?? "text", at);
  const pairField = fields.pair ?? "pair";
  if (fields.pair === undefined && row[pairField] === undefined) return { text };
  return { text, pair: textOf(row, pairField, at) };
}

function textOf(row: Readonly<Record<string, unknown>>, field: string, at: Location): string {
  if (!Object.hasOwn(row, field)) {
    const names = Object.keys(row);
    throw new InputError({
      at,
      found: names.length > 0 ? `no ${excerpt(field, 40)} among ${excerpts(names)}` : "an empty object",
      expected: "the text to classify",
      fix: `Say where the text is, with --text-column. ${
        suggestion(field, names.slice(0, 8).map((name) => name.slice(0, 20)))
      }`,
    });
  }
  const text = row[field];
  if (typeof text === "string" && text.trim() !== "") return text;
  throw new InputError({
    at,
    found: typeof text === "string" ? `an empty ${field}` : `${field} = ${shown(text)}`,
    expected: "a text",
    fix: "Leave the row out, or give it a text.",
  });
}

function tokens(row: Readonly<Record<string, unknown>>, at: Location): Sequence {
  const ids = integers(row.input_ids, "input_ids", at);
  if (ids.length === 0) throw new InputError({ at, found: "no input_ids", expected: "at least one token" });
  const mask = row.attention_mask === undefined ? [] : integers(row.attention_mask, "attention_mask", at);
  if (mask.includes(0)) {
    const fix = "Leave the padding out; texts are batched here.";
    throw new InputError({ at, found: "attention_mask with zeros", expected: "tokens without padding", fix });
  }
  if (row.token_type_ids === undefined) return { ids };
  const typeIds = integers(row.token_type_ids, "token_type_ids", at);
  if (typeIds.length === ids.length) return { ids, typeIds };
  throw new InputError({
    at,
    found: `${typeIds.length} token_type_ids`,
    expected: `${ids.length}, one for each token`,
  });
}

function integers(value: unknown, name: string, at: Location): readonly number[] {
  if (Array.isArray(value) && value.every((one) => Number.isInteger(one) && one >= 0 && one < 2 ** 31)) {
    return value;
  }
  throw new InputError({
    at,
    found: `${name} = ${shown(value)}`,
    expected: "a list of whole numbers from 0",
  });
}

function checkId(id: unknown, at: Location): string | number | undefined {
  if (id === undefined || (typeof id === "string" && id !== "")) return id;
  if (Number.isSafeInteger(id)) return id as number;
  throw new InputError({
    at,
    found: `id ${shown(id)}`,
    expected: "a text that names the row, or a whole number",
  });
}

function shown(value: unknown): string {
  return typeof value === "string" ? excerpt(value, 60) : (JSON.stringify(value) ?? "nothing").slice(0, 60);
}
