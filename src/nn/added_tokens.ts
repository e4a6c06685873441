/** Finds the tokens that were added to a vocabulary in a text, before the rest is split into pieces. */

import { z } from "zod";

/** The properties of an added token, by the names that tokenizer.json has for them. */
export interface AddedToken {
  readonly content: string;
  /** The token counts only where no letter or digit touches it. */
  readonly single_word: boolean;
  /** The token takes in the white space before it. */
  readonly lstrip: boolean;
  /** The token takes in the white space after it. */
  readonly rstrip: boolean;
  /** The token, normalized, is looked for in the normalized text; else in the text as it was given. */
  readonly normalized: boolean;
  readonly special: boolean;
}

/** An added token and its id. */
export interface IdentifiedToken extends AddedToken {
  readonly id: number;
}

/** Describes an added token in a file. */
export const addedTokenSchema = z.looseObject({
  content: z.string().min(1),
  single_word: z.boolean().default(false),
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
  normalized: z.boolean().optional(),
  special: z.boolean().default(false),
});

/**
 * Returns an added token with all its properties: one that isn't special is normalized unless it says
 * otherwise.
 */
export function completed(token: z.output<typeof addedTokenSchema>): AddedToken {
  const { content, single_word, lstrip, rstrip, special, normalized = !special } = token;
  return { content, single_word, lstrip, rstrip, normalized, special };
}

/** Makes a special token that has no properties of its own. */
export function specialToken(content: string): AddedToken {
  return { content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
}

/** Gives added tokens their ids. */
export class AddedTokens {
  readonly #tokens = new Map<string, IdentifiedToken>();
  #next: number;

  constructor(readonly vocabulary: ReadonlyMap<string, number>) {
    this.#next = vocabulary.size;
  }

  /** The tokens by their contents. */
  get byContent(): ReadonlyMap<string, IdentifiedToken> {
    return this.#tokens;
  }

  /**
   * Adds a token, or changes the properties of one. One that is in the vocabulary or was added before keeps
   * its id; another gets the first id after all of them.
   */
  add(token: AddedToken): IdentifiedToken {
    const { content } = token;
    const id = this.#tokens.get(content)?.id ?? this.vocabulary.get(content) ?? this.#next;
    this.#next = Math.max(this.#next, id + 1);
    const identified = { ...token, id };
    this.#tokens.set(content, identified);
    return identified;
  }
}

const wordCharacter = "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]";
const wordBefore = new RegExp(`(?<=${wordCharacter})`, "uy");
const wordAfter = new RegExp(wordCharacter, "uy");
const space = /\p{White_Space}/u;

function matchesAt(pattern: RegExp, text: string, index: number): boolean {
  pattern.lastIndex = index;
  return pattern.test(text);
}

/** Splits a text into the tokens that are found in it, as they were added, and the texts around them. */
export type Splitter = (text: string) => (string | IdentifiedToken)[];

/**
 * Makes the splitter that looks for tokens by the given patterns. Of several at one place, the longest
 * counts. A token that is `ignored` is text, but hides the shorter ones in it.
 */
export function splitterAt(
  tokens: ReadonlyMap<string, IdentifiedToken>,
  ignored: (token: IdentifiedToken) => boolean,
): Splitter {
  const patterns = [...tokens.keys()].sort((a, b) => b.length - a.length);
  const byStart = Map.groupBy(patterns, (pattern) => pattern[0]);
  return (text) => {
    const parts: (string | IdentifiedToken)[] = [];
    let rest = 0; // where the text begins that belongs to no token yet
    for (const { pattern, index } of occurrences(byStart, text)) {
      const token = tokens.get(pattern)!;
      let [start, end] = [index, index + pattern.length];
      if (ignored(token)) continue;
      if (
        token.single_word && (matchesAt(wordBefore, text, start) || matchesAt(wordAfter, text, end))
      ) continue;
      while (token.lstrip && start > rest && space.test(text[start - 1])) start--;
      while (token.rstrip && end < text.length && space.test(text[end])) end++;
      if (rest < start) parts.push(text.slice(rest, start));
      parts.push(token);
      rest = end;
    }
    if (rest < text.length) parts.push(text.slice(rest));
    return parts;
  };
}

/** Finds patterns in a text from left to right, none within another; the first of a list that fits counts. */
function* occurrences(
  byStart: ReadonlyMap<string, readonly string[]>,
  text: string,
): Generator<{ readonly pattern: string; readonly index: number }> {
  if (byStart.size === 0) return;
  for (let index = 0; index < text.length;) {
    const pattern = byStart.get(text[index])?.find((pattern) => text.startsWith(pattern, index));
    if (pattern !== undefined) yield { pattern, index };
    index += pattern?.length ?? 1;
  }
}
