/** Finds and reads the files of a checkpoint's tokenizer. */

import { existsSync } from "node:fs";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../errors.ts";
import { addedTokenSchema } from "./added_tokens.ts";
import { fixTokenizer } from "./framing.ts";
import { conforming, readJson } from "./json.ts";
import { kindOf, modelConfigSchema, tokenizerClass } from "./tokenizer_class.ts";
import {
  type Definition,
  definitionSchema,
  namedTokenSchema,
  type TokenizerConfig,
  tokenizerConfigSchema,
} from "./tokenizer_definition.ts";
import { readVocabulary, type VocabularyDefinition, vocabularyNames } from "./vocabulary_files.ts";

const definitionName = "tokenizer.json";
const configName = "tokenizer_config.json";

/** The files that checkpoints of early versions have beside the two. */
const tokensMapName = "special_tokens_map.json";
const addedTokensName = "added_tokens.json";

/** The paths of the files of a tokenizer that messages name, and what its files hold. */
export interface TokenizerFiles {
  readonly definitionFile: string;
  readonly configFile: string;
  readonly definition: Definition;
  /** What tokenizer_config.json says, and special_tokens_map.json where the library heeds it. */
  readonly config: TokenizerConfig;
  /** The ids of tokens by their contents, from added_tokens.json where the library heeds it. */
  readonly earlierTokens: Readonly<Record<string, number>>;
  /** The name of the library's class; undefined where nothing says so. */
  readonly className: string | undefined;
}

const described = { expected: "the tokenizer of a checkpoint", fix: fixTokenizer };
const mappedToken = z.union([
  namedTokenSchema,
  addedTokenSchema.transform((token) => ({
    ...token,
    special: true,
    __type: "AddedToken" as const,
  })),
]).nullable();
const tokensMapSchema = z.record(z.string(), z.union([mappedToken, z.array(namedTokenSchema)]));
const earlierTokensSchema = z.record(z.string().min(1), z.int().nonnegative());

/** Reads the files of a tokenizer. Throws InputError where one is missing or not what it should be. */
export async function readTokenizerFiles(folder: string): Promise<TokenizerFiles> {
  const configFile = join(folder, configName);
  const config = await readJson(configFile, tokenizerConfigSchema, described);
  const model = await readOptional(join(folder, "config.json"), modelConfigSchema);
  const className = tokenizerClass(config, model);
  const { definitionFile, definition } = await readDefinition(folder, className, configFile);
  // Files that name the added tokens themselves are newer than the other two files, which then don't count.
  const isNewer = config.added_tokens_decoder !== undefined;
  const map = isNewer ? undefined : await readOptional(join(folder, tokensMapName), tokensMapSchema);
  const earlier = isNewer
    ? undefined
    : await readOptional(join(folder, addedTokensName), earlierTokensSchema);
  return {
    definitionFile,
    configFile,
    definition,
    config: map
      ? conforming(join(folder, tokensMapName), { ...config, ...map }, tokenizerConfigSchema, described)
      : config,
    earlierTokens: earlier ?? {},
    className,
  };
}

/** Reads tokenizer.json, or, where there is none, the files with the vocabulary that the class has. */
async function readDefinition(
  folder: string,
  className: string | undefined,
  configFile: string,
): Promise<VocabularyDefinition> {
  const definitionFile = join(folder, definitionName);
  if (existsSync(definitionFile)) {
    return { definitionFile, definition: await readJson(definitionFile, definitionSchema, described) };
  }
  const vocabulary = await readVocabulary(folder, kindOf(className, configFile));
  if (vocabulary) return vocabulary;
  throw noDefinition(folder, definitionFile);
}

/**
 * Copies a checkpoint's tokenizer into the folder of a model that is made from it. Where only the
 * checkpoint's config.json says which class the tokenizer has, the copy of tokenizer_config.json says so from
 * now on.
 */
export async function copyTokenizer(from: string, to: string): Promise<void> {
  const definitions = existsSync(join(from, definitionName)) ? [definitionName] : vocabularyNames;
  for (const name of [...definitions, tokensMapName, addedTokensName]) {
    if (existsSync(join(from, name))) await copyFile(join(from, name), join(to, name));
  }
  const { config, className } = await readTokenizerFiles(from);
  if (typeof config.tokenizer_class === "string" || className === undefined) {
    await copyFile(join(from, configName), join(to, configName));
  } else {
    const written = JSON.parse(await readFile(join(from, configName), "utf8"));
    const named = { ...written, tokenizer_class: className };
    await writeFile(join(to, configName), `${JSON.stringify(named, null, 2)}\n`);
  }
}

function readOptional<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<z.output<Schema>> | undefined {
  return existsSync(file) ? readJson(file, schema, described) : undefined;
}

function noDefinition(folder: string, file: string): InputError {
  const others = [...vocabularyNames, "spiece.model", "sentencepiece.bpe.model"];
  const found = others.filter((name) => existsSync(join(folder, name)));
  if (found.length === 0) {
    return new InputError({ at: { file }, found: "no readable file", ...described });
  }
  return new InputError({
    at: { file },
    found: `no such file, but ${found.join(", ")}`,
    expected:
      "it, or vocab.txt of a BERT, or vocab.json and merges.txt of a RoBERTa or GPT-2 whose class is known",
    fix: `${fixTokenizer} Where the checkpoint has none, let transformers write them: ` +
      `\`AutoTokenizer.from_pretrained("${folder}").save_pretrained("${folder}")\`.`,
  });
}
