/** Decides, as the transformers library does, which files say how a tokenizer works. */

import { z } from "zod";
import { brokenTokenizer } from "./framing.ts";
import type { TokenizerConfig } from "./tokenizer_definition.ts";

/**
 * The kinds of tokenizers. That of a "file" is what tokenizer.json says. The others take only the vocabulary
 * from there: the library builds them anew from tokenizer_config.json and the defaults of their class.
 */
export type TokenizerKind = "bert" | "mpnet" | "roberta" | "gpt2" | "file";

const kinds: ReadonlyMap<string, TokenizerKind> = new Map([
  ["BertTokenizer", "bert"],
  ["DistilBertTokenizer", "bert"],
  ["ElectraTokenizer", "bert"],
  ["MobileBertTokenizer", "bert"],
  ["SqueezeBertTokenizer", "bert"],
  ["MPNetTokenizer", "mpnet"],
  ["RobertaTokenizer", "roberta"],
  ["BartTokenizer", "roberta"],
  ["LongformerTokenizer", "roberta"],
  ["GPT2Tokenizer", "gpt2"],
  ["PreTrainedTokenizerFast", "file"],
  ["TokenizersBackend", "file"],
]);

/** The classes of the models that don't name one. */
const defaultClasses: ReadonlyMap<string | undefined, string> = new Map([
  ["bert", "BertTokenizer"],
  ["distilbert", "BertTokenizer"],
  ["electra", "BertTokenizer"],
  ["mpnet", "MPNetTokenizer"],
  ["roberta", "RobertaTokenizer"],
  ["gpt2", "GPT2Tokenizer"],
]);

/** Describes the fields of a model's config.json that decide about its tokenizer. */
export const modelConfigSchema = z.looseObject({
  model_type: z.string().optional(),
  tokenizer_class: z.string().nullish(),
});

/** Returns the name of the class that a checkpoint's tokenizer has; undefined where nothing says so. */
export function tokenizerClass(
  config: TokenizerConfig,
  model: z.output<typeof modelConfigSchema> | undefined,
): string | undefined {
  return config.tokenizer_class ?? model?.tokenizer_class ?? defaultClasses.get(model?.model_type);
}

/**
 * Returns the kind of a class of tokenizers. Without a class it is what tokenizer.json says. Throws
 * InputError for another class than those of the families that are supported.
 */
export function kindOf(name: string | undefined, configFile: string): TokenizerKind {
  if (name === undefined) return "file";
  const kind = kinds.get(name) ?? kinds.get(name.replace(/Fast$/, ""));
  if (kind) return kind;
  throw brokenTokenizer(configFile, `the tokenizer_class ${name}`, `one of ${[...kinds.keys()].join(", ")}`);
}
