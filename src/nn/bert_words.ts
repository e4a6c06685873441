/** Prepares text for WordPiece as BERT does: it is normalized, then split into words and punctuation. */

import {
  chineseCharacter,
  decomposable,
  lowerNewerCapital,
  newerCapital,
  nonspacingMark,
  punctuation,
  removedCharacter,
} from "./unicode.ts";

/** The settings of BERT's normalizer, by the names that tokenizer.json has for them. */
export interface BertNormalizer {
  /** Removes control characters and makes every space a plain one. */
  readonly clean_text: boolean;
  /** Sets Chinese characters between spaces. */
  readonly handle_chinese_chars: boolean;
  /** Removes accents; null does so where `lowercase` is set. */
  readonly strip_accents: boolean | null;
  readonly lowercase: boolean;
}

/** Normalizes a text as the reference's BertNormalizer does. */
export function normalizeBert(text: string, settings: BertNormalizer): string {
  const { clean_text, handle_chinese_chars, lowercase, strip_accents } = settings;
  if (/^[ -~]*$/.test(text)) return lowercase ? text.toLowerCase() : text;
  let result = text;
  if (clean_text) result = result.replace(removedCharacter, "").replace(/\p{White_Space}/gu, " ");
  if (handle_chinese_chars) result = result.replace(chineseCharacter, " $& ");
  if (strip_accents ?? lowercase) result = stripAccents(result);
  return lowercase ? lower(result) : result;
}

function stripAccents(text: string): string {
  return text.replace(decomposable, (part) => part.normalize("NFD")).replace(nonspacingMark, "");
}

/** Lowers each character by itself, so that a sigma at the end of a word becomes σ and not ς. */
function lower(text: string): string {
  return text.replaceAll("Σ", "σ").replace(newerCapital, lowerNewerCapital).toLowerCase();
}

/** Splits a text at white space, and sets each character of punctuation apart. */
export function bertWords(text: string): string[] {
  const words: string[] = [];
  for (const run of text.split(/\p{White_Space}+/u)) {
    if (/^[a-zA-Z0-9]*$/.test(run)) {
      if (run !== "") words.push(run);
      continue;
    }
    let word = "";
    for (const character of run) {
      if (!punctuation.test(character)) word += character;
      else {
        if (word !== "") words.push(word);
        words.push(character);
        word = "";
      }
    }
    if (word !== "") words.push(word);
  }
  return words;
}
