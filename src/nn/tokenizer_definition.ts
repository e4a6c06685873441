/** The schemas of the files that describe a checkpoint's tokenizer. What they don't allow isn't supported. */

import { z } from "zod";
import { addedTokenSchema } from "./added_tokens.ts";
import { postProcessorSchema } from "./framing.ts";

const id = z.int().nonnegative();

/**
 * Describes the ids of a vocabulary's tokens. A record's schema would pass over a token named "__proto__".
 */
export const vocabularySchema = z.custom<Readonly<Record<string, number>>>(
  (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value) &&
    Object.values(value).every((id) => Number.isInteger(id) && id >= 0),
  "expected an object with the id of each token",
);

// What these would do to pieces isn't done here, and no model of these families has them.
const unset = z.union([z.null(), z.literal(""), z.literal(0)]).optional();

const wordPiece = z.looseObject({
  type: z.literal("WordPiece"),
  vocab: vocabularySchema,
  unk_token: z.string().default("[UNK]"),
  continuing_subword_prefix: z.string().default("##"),
  max_input_chars_per_word: z.int().default(100),
});

const bytePairs = z.looseObject({
  type: z.literal("BPE"),
  vocab: vocabularySchema,
  merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
  unk_token: z.string().nullish(),
  fuse_unk: z.boolean().default(false),
  byte_fallback: z.boolean().default(false),
  ignore_merges: z.boolean().default(false),
  dropout: unset,
  continuing_subword_prefix: unset,
  end_of_word_suffix: unset,
});

/** The model of a tokenizer, which knows the pieces and makes words of them. */
export type PieceModel = z.output<typeof wordPiece> | z.output<typeof bytePairs>;

const withType = (model: unknown) =>
  typeof model !== "object" || model === null || "type" in model
    ? model
    : { ...model, type: "merges" in model ? "BPE" : "WordPiece" }; // early files don't name it

/** Describes `tokenizer.json`. */
export const definitionSchema = z.looseObject({
  model: z.preprocess(withType, z.discriminatedUnion("type", [wordPiece, bytePairs])),
  added_tokens: z.array(addedTokenSchema.extend({ id })),
  normalizer: z.looseObject({ type: z.string() }).nullish(),
  pre_tokenizer: z.looseObject({ type: z.string() }).nullish(),
  post_processor: postProcessorSchema,
  truncation: z.looseObject({ direction: z.enum(["Left", "Right"]).default("Right") }).nullish(),
  padding: z.looseObject({ pad_token: z.string() }).nullish(),
});

/** What `tokenizer.json` holds. */
export type Definition = z.output<typeof definitionSchema>;

/** Describes the normalizer of `tokenizer.json` that is BERT's. */
export const bertNormalizerSchema = z.looseObject({
  type: z.literal("BertNormalizer"),
  clean_text: z.boolean(),
  handle_chinese_chars: z.boolean(),
  strip_accents: z.boolean().nullable().default(null),
  lowercase: z.boolean(),
});

/** Describes the pre-tokenizers of `tokenizer.json` that split texts into words as BERT and GPT-2 do. */
export const preTokenizerSchema = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("BertPreTokenizer") }),
  z.looseObject({
    type: z.literal("ByteLevel"),
    add_prefix_space: z.boolean(),
    use_regex: z.literal(true).default(true),
  }),
]);

/**
 * Describes a token as `tokenizer_config.json` names it. The library demands the mark of one with properties.
 */
export const namedTokenSchema = z.union([
  z.string().min(1),
  addedTokenSchema.extend({ __type: z.literal("AddedToken") }),
]);

const moreTokens = z.array(namedTokenSchema).nullish();
/** Tokens by their roles, as versions 4.46 to 4.57 of the library write them, mostly none. */
const tokensByRole = z.record(z.string(), namedTokenSchema).transform((tokens) => Object.values(tokens));
const absent = z.undefined("what this field does is not supported").optional();

/** Describes `tokenizer_config.json`. */
export const tokenizerConfigSchema = z.looseObject({
  tokenizer_class: z.string().nullish(),
  do_lower_case: z.boolean().nullish(),
  tokenize_chinese_chars: z.boolean().optional(),
  strip_accents: z.boolean().nullish(),
  add_prefix_space: z.boolean().nullish(),
  truncation_side: z.enum(["left", "right"]).optional(),
  split_special_tokens: z.boolean().optional(),
  added_tokens_decoder: z.record(z.string().regex(/^\d+$/), addedTokenSchema).optional(),
  extra_special_tokens: z.union([moreTokens, tokensByRole]),
  additional_special_tokens: moreTokens,
  bos_token: namedTokenSchema.nullish(),
  eos_token: namedTokenSchema.nullish(),
  unk_token: namedTokenSchema.nullish(),
  sep_token: namedTokenSchema.nullish(),
  pad_token: namedTokenSchema.nullish(),
  cls_token: namedTokenSchema.nullish(),
  mask_token: namedTokenSchema.nullish(),
  init_inputs: z.array(z.unknown()).max(0).optional(),
  auto_map: absent,
  model_specific_special_tokens: absent,
});

/** What `tokenizer_config.json` holds. */
export type TokenizerConfig = z.output<typeof tokenizerConfigSchema>;
