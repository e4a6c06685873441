/**
 * Collects the tokens that are added to a tokenizer's vocabulary, in the order in which the library adds
 * them.
 */

import {
  type AddedToken,
  AddedTokens,
  completed,
  type IdentifiedToken,
  specialToken,
} from "./added_tokens.ts";
import { brokenTokenizer } from "./framing.ts";
import type { TokenizerKind } from "./tokenizer_class.ts";
import type { TokenizerConfig } from "./tokenizer_definition.ts";
import type { TokenizerFiles } from "./tokenizer_files.ts";

/** The fields that name special tokens, in the library's order. */
const roles = [
  "bos_token",
  "eos_token",
  "unk_token",
  "sep_token",
  "pad_token",
  "cls_token",
  "mask_token",
] as const;

/** A special token's role. */
type Role = (typeof roles)[number];

const end = "<|endoftext|>";
const roberta = {
  bos_token: "<s>",
  eos_token: "</s>",
  unk_token: "<unk>",
  sep_token: "</s>",
  pad_token: "<pad>",
  cls_token: "<s>",
  mask_token: "<mask>",
};
const defaultNames: Readonly<Record<Exclude<TokenizerKind, "file">, Partial<Record<Role, string>>>> = {
  bert: {
    unk_token: "[UNK]",
    sep_token: "[SEP]",
    pad_token: "[PAD]",
    cls_token: "[CLS]",
    mask_token: "[MASK]",
  },
  mpnet: { ...roberta, unk_token: "[UNK]" },
  roberta,
  gpt2: { bos_token: end, eos_token: end, unk_token: end },
};

type NamedToken = NonNullable<TokenizerConfig[Role]>;

/** The special tokens of a tokenizer by their roles. */
export type SpecialTokens = Readonly<Partial<Record<Role, NamedToken>>>;

/** Returns the special tokens that a tokenizer's files and the defaults of its kind name. */
export function specialTokens({ config, definition }: TokenizerFiles, kind: TokenizerKind): SpecialTokens {
  const defaults = kind === "file" ? { pad_token: definition.padding?.pad_token } : defaultNames[kind];
  const tokens: Partial<Record<Role, NamedToken>> = {};
  for (const role of roles) {
    // A field of null takes the default away.
    const token = config[role] === undefined ? defaults[role as keyof typeof defaults] : config[role];
    if (token) tokens[role] = token;
  }
  return tokens;
}

/** Returns the text of a special token. */
export function contentOf(token: NamedToken): string {
  return typeof token === "string" ? token : token.content;
}

/**
 * Collects the added tokens by their contents. Throws InputError where a file gives one another id than the
 * library would.
 */
export function addedTokens(
  files: TokenizerFiles,
  kind: TokenizerKind,
  vocabulary: ReadonlyMap<string, number>,
  special: SpecialTokens,
): ReadonlyMap<string, IdentifiedToken> {
  const { config, definition, definitionFile, configFile } = files;
  const added = new AddedTokens(vocabulary);
  const add = (token: AddedToken, declared: number, file: string) => {
    const { id } = added.add(token);
    if (id === declared) return;
    const found = `the added token "${token.content}" with the id ${declared}`;
    throw brokenTokenizer(file, found, `${id}, which the vocabulary and the tokens before it leave for it`);
  };
  if (kind === "file") {
    for (const token of definition.added_tokens) add(completed(token), token.id, definitionFile);
  }
  const declared = declaredTokens(files);
  const named = new Set(Object.values(special).map(contentOf));
  for (const [id, token] of [...declared].sort(([a], [b]) => a - b)) {
    const isSpecial = token.special || named.has(token.content);
    add({ ...token, special: isSpecial }, id, config.added_tokens_decoder ? configFile : definitionFile);
  }
  const byContent = new Map(declared.values().map((token) => [token.content, token]));
  for (const token of [...Object.values(special), ...moreTokens(config)]) {
    const content = contentOf(token);
    if (added.byContent.has(content)) continue;
    const properties = typeof token === "string" ? specialToken(token) : completed(token);
    added.add({ ...(byContent.get(content) ?? properties), special: true });
  }
  return added.byContent;
}

/**
 * Returns the tokens that files give an id, by it. Where tokenizer_config.json does, no other file counts.
 */
function declaredTokens({ config, definition, earlierTokens }: TokenizerFiles): Map<number, AddedToken> {
  if (config.added_tokens_decoder) {
    return new Map(
      Object.entries(config.added_tokens_decoder).map(([id, token]) => [Number(id), completed(token)]),
    );
  }
  const names = new Set(
    [...roles.map((role) => config[role]), ...moreTokens(config)].map((token) => token && contentOf(token)),
  );
  return new Map([
    ...Object.entries(earlierTokens).map(([content, id]): [number, AddedToken] => [
      id,
      names.has(content)
        ? specialToken(content)
        : completed({ content, single_word: false, lstrip: false, rstrip: false, special: false }),
    ]),
    ...definition.added_tokens.map((token): [number, AddedToken] => [token.id, completed(token)]),
  ]);
}

/** Returns the special tokens without a role, and those of roles that only one model has. */
function moreTokens(config: TokenizerConfig): NamedToken[] {
  const { extra_special_tokens, additional_special_tokens } = config;
  const others = Object.entries(config).flatMap(([name, value]) =>
    name.endsWith("_token") && !roles.includes(name as Role) && typeof value === "string" ? [value] : []
  );
  const more = extra_special_tokens?.length ? extra_special_tokens : additional_special_tokens;
  return [...others, ...more ?? []];
}
