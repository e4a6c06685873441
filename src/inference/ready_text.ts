import type { Location } from "../errors.ts";
import type { Sequence } from "../nn/sequence.ts";
import type { Classifier } from "./classifier.ts";
import { checkTokens, isTokenised, type TextFields, textRow } from "./text_row.ts";

/** A text that is ready to be predicted. */
export interface ReadyText {
  /** The row's name, where it has one. */
  readonly id?: string | number;
  readonly sequence: Sequence;
  /** Whether the text is longer than what the classifier reads. */
  readonly cut: boolean;
}

/** The part of a classifier that reads texts. */
export type Reader = Pick<Classifier, "encode" | "isCut" | "config">;

/**
 * Checks a row, which is as `textRow` says, and encodes its text.
 *
 * @throws {InputError} where a field isn't what it should be
 */
export function readyText(
  value: unknown,
  fields: TextFields,
  { encode, isCut, config }: Reader,
  at: Location,
): ReadyText {
  const { content, ...named } = textRow(value, fields, at);
  if (isTokenised(content)) {
    checkTokens(content, config, at);
    return { ...named, sequence: content, cut: false };
  }
  const sequence = encode(content);
  checkTokens(sequence, config, at); // a model's tokenizer may be another's
  return { ...named, sequence, cut: isCut(content, sequence) };
}
