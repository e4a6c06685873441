/** Reads the vocabularies of checkpoints without tokenizer.json as the tokenizers library reads them. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../errors.ts";
import { excerpt } from "../excerpt.ts";
import { readLines } from "../lines.ts";
import { readJson } from "./json.ts";
import type { TokenizerKind } from "./tokenizer_class.ts";
import { type Definition, vocabularySchema } from "./tokenizer_definition.ts";

const restore = "Restore the file from where the checkpoint came from.";
const wordList = "vocab.txt";
const [byteVocabulary, mergeList] = ["vocab.json", "merges.txt"];

/** The names of all files that a vocabulary may be in. */
export const vocabularyNames: readonly string[] = [wordList, byteVocabulary, mergeList];

/** A tokenizer whose definition holds only what its class doesn't make by itself. */
export interface VocabularyDefinition {
  /** The file that holds the ids, for messages. */
  readonly definitionFile: string;
  readonly definition: Definition;
}

/**
 * Reads `vocab.txt` of a tokenizer of BERT's or MPNet's kind, or `vocab.json` and `merges.txt` of one of
 * RoBERTa's or GPT-2's. Returns undefined where the files of that kind aren't there. Throws InputError where
 * they are broken.
 */
export async function readVocabulary(
  folder: string,
  kind: TokenizerKind,
): Promise<VocabularyDefinition | undefined> {
  if (kind === "file") return undefined;
  const path = (name: string) => join(folder, name);
  if (kind === "bert" || kind === "mpnet") {
    return existsSync(path(wordList)) ? await readWords(path(wordList)) : undefined;
  }
  const isThere = existsSync(path(byteVocabulary)) && existsSync(path(mergeList));
  return isThere ? await readBytePairs(path(byteVocabulary), path(mergeList)) : undefined;
}

/** Reads a file with a token on each line, whose id is the number of lines before it. */
async function readWords(file: string): Promise<VocabularyDefinition> {
  const lines = await readLines(file);
  // Of two lines with one token the later counts, as in the library.
  const vocab = Object.fromEntries(lines.map((line, id) => [line.replace(/\p{White_Space}+$/u, ""), id]));
  return {
    definitionFile: file,
    definition: {
      model: {
        ...{ type: "WordPiece", vocab, unk_token: "[UNK]" },
        ...{ continuing_subword_prefix: "##", max_input_chars_per_word: 100 },
      },
      decoder: { type: "WordPiece", prefix: "##", cleanup: true },
      ...{ added_tokens: [], post_processor: null },
    },
  };
}

/** Reads the ids of byte-level tokens, and the pairs that make them, the most frequent first. */
async function readBytePairs(vocabularyFile: string, mergesFile: string): Promise<VocabularyDefinition> {
  const vocab = await readJson(vocabularyFile, vocabularySchema, {
    expected: "an object with the id of each token",
    fix: restore,
  });
  const merges = await readMerges(mergesFile, vocab);
  return {
    definitionFile: vocabularyFile,
    definition: {
      model: {
        ...{ type: "BPE", vocab, merges },
        ...{ fuse_unk: false, byte_fallback: false, ignore_merges: false },
      },
      decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
      ...{ added_tokens: [], post_processor: null },
    },
  };
}

async function readMerges(
  file: string,
  vocab: Readonly<Record<string, number>>,
): Promise<[left: string, right: string][]> {
  const merges: [string, string][] = [];
  for (const [index, line] of (await readLines(file)).entries()) {
    if (line.startsWith("#version")) continue;
    const parts = line.split(" ");
    const [left, right] = parts;
    const wrong = (found: string, expected: string) =>
      new InputError({ at: { file, line: index + 1 }, found, expected, fix: restore });
    if (parts.length !== 2) {
      throw wrong(
        `a line with ${parts.length} part${parts.length === 1 ? "" : "s"}`,
        "two tokens and a space",
      );
    }
    const unknown = [left, right, left + right].find((token) => !Object.hasOwn(vocab, token));
    if (unknown !== undefined) {
      throw wrong(`a merge with ${excerpt(unknown)}`, "tokens that vocab.json has an id for");
    }
    merges.push([left, right]);
  }
  return merges;
}
