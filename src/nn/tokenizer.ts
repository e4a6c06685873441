import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { Tokenizer as LibraryTokenizer } from "@huggingface/tokenizers";
import { z } from "zod";
import {
  brokenTokenizer,
  type Encoding,
  fixTokenizer,
  frame,
  framingOf,
  postProcessorSchema,
} from "./framing.ts";
import { readJson } from "./json.ts";

/** A pretrained model's tokenizer turns text into ids and back. */
export interface Tokenizer {
  /**
   * Encodes `[CLS] A [SEP]` or `[CLS] A [SEP] B [SEP]` as at most `maxTokens` ids in all; the longer text is
   * cut first.
   */
  encode(text: string, pair: string | undefined, maxTokens: number): Encoding;
  /** Encodes a text without special tokens. */
  pieces(text: string): number[];
  /** Decodes ids that hold no special tokens. Spaces are cleaned up where the tokenizer's settings say so. */
  decode(ids: readonly number[]): string;
  /** Returns the id of a token; undefined where there is no such token. */
  tokenToId(token: string): number | undefined;
}

const tokenizerSchema = z.looseObject({
  model: z.looseObject({ vocab: z.record(z.string(), z.int().nonnegative()) }),
  added_tokens: z.array(z.looseObject({ id: z.int().nonnegative(), content: z.string() })),
  pre_tokenizer: z.looseObject({ type: z.string() }).nullable(),
  post_processor: postProcessorSchema,
});
const configSchema = z.looseObject({ add_prefix_space: z.boolean().optional() });

const files = ["tokenizer.json", "tokenizer_config.json"];

/** Copies a checkpoint's tokenizer into the folder of a model that is made from it. */
export async function copyTokenizer(from: string, to: string): Promise<void> {
  await Promise.all(files.map((name) => copyFile(join(from, name), join(to, name))));
}

/**
 * Loads a tokenizer from `tokenizer.json` and `tokenizer_config.json` in a checkpoint's folder. It may be
 * that of BERT (WordPiece), RoBERTa or GPT-2 (byte-level BPE). Throws InputError where a file is missing or
 * is not what it should be.
 *
 * The library splits text into pieces. Special tokens, truncation and type ids are added by framing.ts,
 * because the library does not truncate, and gives RoBERTa's pairs type ids that RoBERTa has no embeddings
 * for.
 */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  const [file, configFile] = files.map((name) => join(folder, name));
  const described = { expected: "the tokenizer of a checkpoint", fix: fixTokenizer };
  const definition = await readJson(file, tokenizerSchema, described);
  const config = await readJson(configFile, configSchema, described);
  const library = openLibrary(file, withPrefixSpace(definition, config.add_prefix_space), config);
  const framing = framingOf(file, definition.post_processor);
  const pieces = (text: string) => library.encode(text, { add_special_tokens: false }).ids;
  return {
    pieces,
    encode: (text, pair, maxTokens) =>
      frame(framing, pieces(text), pair === undefined ? undefined : pieces(pair), maxTokens),
    decode: (ids) => ids.length === 0 ? "" : library.decode([...ids], { skip_special_tokens: true }),
    tokenToId: (token) => library.token_to_id(token),
  };
}

/**
 * Lets tokenizer_config.json decide, as the transformers library does, whether the first word is treated as
 * one that follows a space.
 */
function withPrefixSpace<Definition extends z.output<typeof tokenizerSchema>>(
  definition: Definition,
  add_prefix_space: boolean | undefined,
): Definition {
  const { pre_tokenizer } = definition;
  if (add_prefix_space === undefined || pre_tokenizer?.type !== "ByteLevel") return definition;
  return { ...definition, pre_tokenizer: { ...pre_tokenizer, add_prefix_space } };
}

function openLibrary(file: string, definition: object, config: object): LibraryTokenizer {
  try {
    return new LibraryTokenizer(definition, config);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw brokenTokenizer(
      file,
      `a tokenizer that can't be used (${message})`,
      "that of BERT, RoBERTa or GPT-2",
      cause,
    );
  }
}
