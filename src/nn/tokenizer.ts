import { Tokenizer as LibraryTokenizer } from "@huggingface/tokenizers";
import { type IdentifiedToken, type Splitter, splitterAt } from "./added_tokens.ts";
import { bertWords, normalizeBert } from "./bert_words.ts";
import { byteLevelWords } from "./byte_level.ts";
import { brokenTokenizer, type Encoding, frame } from "./framing.ts";
import type { PieceModel } from "./tokenizer_definition.ts";
import { readTokenizerFiles, type TokenizerFiles } from "./tokenizer_files.ts";
import { type TokenizerSettings, tokenizerSettings } from "./tokenizer_settings.ts";

export { copyTokenizer } from "./tokenizer_files.ts";

/** A pretrained model's tokenizer turns text into ids and back. */
export interface Tokenizer {
  /**
   * Encodes `[CLS] A [SEP]` or `[CLS] A [SEP] B [SEP]` as at most `maxTokens` ids in all; the longer text is
   * cut first. As in transformers, this limit counts and not the `model_max_length` of tokenizer_config.json.
   */
  encode(text: string, pair: string | undefined, maxTokens: number): Encoding;
  /** Encodes a text without special tokens. */
  pieces(text: string): number[];
  /** Decodes ids that hold no special tokens. Spaces are cleaned up where the tokenizer's settings say so. */
  decode(ids: readonly number[]): string;
  /** Returns the id of a token; undefined where there is no such token. */
  tokenToId(token: string): number | undefined;
}

/**
 * Loads a tokenizer from `tokenizer_config.json` in a checkpoint's folder and `tokenizer.json` or, where that
 * isn't there, its vocabulary (see vocabulary_files.ts). It may be that of BERT, DistilBERT, ELECTRA or MPNet
 * (WordPiece), RoBERTa or GPT-2 (byte-level BPE). Its ids are those that the transformers
 * library (5.x) gives for the same files. Throws InputError where a file is missing or says what isn't
 * supported.
 *
 * The package @huggingface/tokenizers makes pieces of words, and text of ids. What comes before the pieces is
 * done here, because the package normalizes and finds added tokens in other ways than the library.
 */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  const files = await readTokenizerFiles(folder);
  const settings = tokenizerSettings(files);
  const { added, vocabulary, framing, truncationSide } = settings;
  const split = splitter(files, settings);
  const wordPieces = pieceIds(files, settings);
  const decoder = openLibrary(files, settings.model, [...added.values()]);
  const pieces = (text: string) =>
    split(text.toWellFormed()).flatMap((part) => typeof part === "string" ? wordPieces(part) : [part.id]);
  return {
    pieces,
    encode: (text, pair, maxTokens) =>
      frame(framing, pieces(text), pair === undefined ? undefined : pieces(pair), maxTokens, truncationSide),
    decode: (ids) => ids.length === 0 ? "" : decoder.decode([...ids], { skip_special_tokens: true }),
    tokenToId: (token) => added.get(token)?.id ?? vocabulary.get(token),
  };
}

/**
 * Makes the function that finds the added tokens in a text and normalizes the rest. Some tokens are looked
 * for in the text as it was given, the others in what lies between those, once it is normalized.
 */
function splitter(
  { definitionFile }: TokenizerFiles,
  { added, normalizer, splitsSpecialTokens }: TokenizerSettings,
): Splitter {
  const normalize = (text: string) => normalizer ? normalizeBert(text, normalizer) : text;
  const patterns: Record<"given" | "normalized", Map<string, IdentifiedToken>> = {
    given: new Map(),
    normalized: new Map(),
  };
  for (const token of added.values()) {
    const pattern = token.normalized ? normalize(token.content) : token.content;
    const others = patterns[token.normalized ? "normalized" : "given"];
    if (pattern === "" || others.has(pattern)) {
      const found = `the added token "${token.content}", which is "${pattern}" once normalized`;
      throw brokenTokenizer(definitionFile, found, "a text of its own for each added token");
    }
    others.set(pattern, token);
  }
  const ignored = (token: IdentifiedToken) => splitsSpecialTokens && token.special;
  const [given, normalized] = [patterns.given, patterns.normalized].map((tokens) =>
    splitterAt(tokens, ignored)
  );
  return (text) =>
    given(text).flatMap((part) => typeof part === "string" ? normalized(normalize(part)) : [part]);
}

/** Makes the function that gives the ids of the pieces of a text without added tokens. */
function pieceIds(
  files: TokenizerFiles,
  { model, preTokenizer, vocabulary }: TokenizerSettings,
): (text: string) => number[] {
  const library = openLibrary(files, model, []).model!;
  const encode = (words: string[]) => library.encode(words).map((piece) => vocabulary.get(piece)!);
  if (preTokenizer.type === "BertPreTokenizer") return (text) => encode(bertWords(text));
  // The reference leaves out symbols that the vocabulary lacks before it merges, and so merges their
  // neighbours.
  const known = (word: string) => Array.from(word).filter((symbol) => vocabulary.has(symbol)).join("");
  return (text) => encode(byteLevelWords(text, preTokenizer.add_prefix_space).map(known));
}

function openLibrary(
  { definition, definitionFile, config }: TokenizerFiles,
  model: PieceModel,
  added_tokens: readonly IdentifiedToken[],
): LibraryTokenizer {
  const parts = { normalizer: null, pre_tokenizer: null, post_processor: null, added_tokens, model };
  try {
    return new LibraryTokenizer({ ...definition, ...parts }, config);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw brokenTokenizer(
      definitionFile,
      `a tokenizer that can't be used (${message})`,
      "that of a model whose type is supported",
      cause,
    );
  }
}
