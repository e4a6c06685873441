/** Works out how a tokenizer makes ids of texts, from what its files say. */

import type { z } from "zod";
import type { IdentifiedToken } from "./added_tokens.ts";
import type { BertNormalizer } from "./bert_words.ts";
import { byteSymbols } from "./byte_level.ts";
import {
  brokenTokenizer,
  type Framing,
  framingOf,
  type PostProcessor,
  type TruncationSide,
} from "./framing.ts";
import { addedTokens, contentOf, type SpecialTokens, specialTokens } from "./special_tokens.ts";
import { kindOf, type TokenizerKind } from "./tokenizer_class.ts";
import { bertNormalizerSchema, type PieceModel, preTokenizerSchema } from "./tokenizer_definition.ts";
import type { TokenizerFiles } from "./tokenizer_files.ts";

/** All that decides about the ids of a text. */
export interface TokenizerSettings {
  readonly normalizer: BertNormalizer | null;
  readonly preTokenizer: z.output<typeof preTokenizerSchema>;
  readonly model: PieceModel;
  readonly vocabulary: ReadonlyMap<string, number>;
  /** The added tokens by their contents. */
  readonly added: ReadonlyMap<string, IdentifiedToken>;
  /** Special tokens that a text holds are split like any other text. */
  readonly splitsSpecialTokens: boolean;
  readonly framing: Framing;
  readonly truncationSide: TruncationSide;
}

/** Works out a tokenizer's settings. Throws InputError where its files say what isn't supported. */
export function tokenizerSettings(files: TokenizerFiles): TokenizerSettings {
  const { config, definition, definitionFile, className, configFile } = files;
  const kind = kindOf(className, configFile);
  const special = specialTokens(files, kind);
  const parts = kind === "file" ? partsOfFile(files) : partsOfClass(files, kind, special);
  const { model } = parts;
  requireCompleteModel(definitionFile, parts);
  const vocabulary = new Map(Object.entries(model.vocab));
  const added = addedTokens(files, kind, vocabulary, special);
  const truncation = definition.truncation?.direction === "Left" ? "left" : "right";
  return {
    ...parts,
    vocabulary,
    added,
    splitsSpecialTokens: config.split_special_tokens ?? false,
    framing: framingOf(definitionFile, postProcessor(files, kind, special, added)),
    truncationSide: config.truncation_side ?? truncation,
  };
}

type Parts = Pick<TokenizerSettings, "normalizer" | "preTokenizer" | "model">;

function partsOfFile({ config, definition, definitionFile, className }: TokenizerFiles): Parts {
  const unusable = (part: string, found: unknown, expected: string) =>
    brokenTokenizer(
      definitionFile,
      `a tokenizer that can't be used (its ${part} is ${JSON.stringify(found)})`,
      expected,
    );
  const normalizer = bertNormalizerSchema.nullish().safeParse(definition.normalizer);
  if (!normalizer.success) throw unusable("normalizer", definition.normalizer, "a BertNormalizer, or none");
  const preTokenizer = preTokenizerSchema.safeParse(definition.pre_tokenizer);
  if (!preTokenizer.success) {
    throw unusable(
      "pre_tokenizer",
      definition.pre_tokenizer,
      "BertPreTokenizer, or ByteLevel with its regex",
    );
  }
  // Where no class is known, tokenizer_config.json has the say on the first word.
  const { add_prefix_space } = config;
  const override = className === undefined && typeof add_prefix_space === "boolean" &&
    preTokenizer.data.type === "ByteLevel";
  return {
    normalizer: normalizer.data ?? null,
    preTokenizer: override ? { ...preTokenizer.data, add_prefix_space } : preTokenizer.data,
    model: definition.model,
  };
}

/**
 * Returns the parts that the library's class makes by itself, from the vocabulary and tokenizer_config.json.
 */
function partsOfClass(
  { config, className, definition: { model }, definitionFile }: TokenizerFiles,
  kind: Exclude<TokenizerKind, "file">,
  special: SpecialTokens,
): Parts {
  const mismatch = (expected: string) =>
    brokenTokenizer(definitionFile, `a model of the type ${model.type}`, `${expected}, as ${className} has`);
  if (kind === "bert" || kind === "mpnet") {
    if (model.type !== "WordPiece") throw mismatch("WordPiece");
    return {
      normalizer: {
        clean_text: true,
        handle_chinese_chars: config.tokenize_chinese_chars ?? true,
        strip_accents: config.strip_accents ?? null,
        lowercase: config.do_lower_case ?? true,
      },
      preTokenizer: { type: "BertPreTokenizer" },
      model: {
        type: "WordPiece",
        vocab: model.vocab,
        unk_token: special.unk_token ? contentOf(special.unk_token) : "None",
        continuing_subword_prefix: "##",
        max_input_chars_per_word: 100,
      },
    };
  }
  if (model.type !== "BPE") throw mismatch("BPE");
  const { vocab, merges } = model;
  return {
    normalizer: null,
    preTokenizer: { type: "ByteLevel", add_prefix_space: config.add_prefix_space ?? false, use_regex: true },
    model: { type: "BPE", vocab, merges, fuse_unk: false, byte_fallback: false, ignore_merges: false },
  };
}

/** Throws InputError where a model can't make pieces of every word that the pre-tokenizer gives. */
function requireCompleteModel(file: string, { model, preTokenizer }: Parts): void {
  const words = model.type === "WordPiece" ? "BertPreTokenizer" : "ByteLevel";
  if (preTokenizer.type !== words) {
    throw brokenTokenizer(file, `a ${model.type} model of words by ${preTokenizer.type}`, words);
  }
  if (model.type === "WordPiece") {
    if (Object.hasOwn(model.vocab, model.unk_token)) return;
    throw brokenTokenizer(file, `no unknown token "${model.unk_token}" in the vocabulary`, "its id");
  }
  // What becomes of unknown symbols doesn't matter where each byte has its symbol.
  if (!model.unk_token && !model.fuse_unk && !model.byte_fallback) return;
  const missing = byteSymbols.find((symbol) => !Object.hasOwn(model.vocab, symbol));
  if (missing === undefined) return;
  throw brokenTokenizer(file, `no token "${missing}" in the vocabulary`, "the symbols of all 256 bytes");
}

/**
 * Returns what sets texts between special tokens: all classes but GPT-2's make it of the tokens' names.
 */
function postProcessor(
  { configFile, definition }: TokenizerFiles,
  kind: TokenizerKind,
  { cls_token, sep_token }: SpecialTokens,
  added: TokenizerSettings["added"],
): PostProcessor {
  if (kind === "file" || kind === "gpt2") return definition.post_processor;
  if (!cls_token || !sep_token) {
    throw brokenTokenizer(configFile, "null for cls_token or sep_token", "the names of these tokens");
  }
  const [cls, sep] = [cls_token, sep_token].map((token): [string, number] => {
    const content = contentOf(token);
    return [content, added.get(content)!.id];
  });
  return { type: kind === "bert" ? "BertProcessing" : "RobertaProcessing", cls, sep };
}
