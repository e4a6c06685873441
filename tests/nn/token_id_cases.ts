/** Tokenizers and texts on which ids are compared with the transformers library's. */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { byteSymbols } from "../../src/nn/byte_level.ts";
import { type RandomStream, randomStream } from "../../src/random.ts";

/** The files of a tokenizer by their names: text as it is, or what is written as JSON. */
export type Folder = Readonly<Record<string, unknown>>;

/** A text or a pair of texts to encode, and the limit of its tokens. */
export interface Case {
  readonly text: string;
  readonly pair?: string;
  readonly max: number;
}

const words =
  "the cat sat on a mat hello world ent entity café naive οδυσσευσ is n't don't ##s ##ing ##ent ##ed ##σ one two"
    .split(" ");
const special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
const characters = [
  ..."abcdefghijklmnopqrstuvwxyz0123456789.,!?'\"-()[]<>|/éèüßıσςΣİ東京日本語한국어กา𠀀𝔸ａ１٣अ्🙂",
];
const wordVocabulary = [
  ...new Set([
    ...special,
    ...words,
    ...characters,
    ...characters.map((character) => `##${character}`),
    "Hello",
    "World",
    "İ",
    "É",
    "\u0301",
    "##\u0301",
    "\u07fd",
    "##\u07fd",
  ]),
];

const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
const numbered = (tokens: readonly string[]) =>
  Object.fromEntries([...new Set(tokens)].map((token, id) => [token, id]));
const wordIds = numbered(wordVocabulary);

const wordPiece = {
  ...{ version: "1.0", truncation: null, padding: null },
  added_tokens: special.map((content, id) => ({ id, content, ...flags })),
  normalizer: {
    type: "BertNormalizer",
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null as boolean | null,
    lowercase: true,
  },
  pre_tokenizer: { type: "BertPreTokenizer" },
  post_processor: {
    type: "TemplateProcessing",
    single: [
      { SpecialToken: { id: "[CLS]", type_id: 0 } },
      { Sequence: { id: "A", type_id: 0 } },
      { SpecialToken: { id: "[SEP]", type_id: 0 } },
    ],
    pair: [
      { SpecialToken: { id: "[CLS]", type_id: 0 } },
      { Sequence: { id: "A", type_id: 0 } },
      { SpecialToken: { id: "[SEP]", type_id: 0 } },
      { Sequence: { id: "B", type_id: 1 } },
      { SpecialToken: { id: "[SEP]", type_id: 1 } },
    ],
    special_tokens: {
      "[CLS]": { id: "[CLS]", ids: [2], tokens: ["[CLS]"] },
      "[SEP]": { id: "[SEP]", ids: [3], tokens: ["[SEP]"] },
    },
  },
  decoder: { type: "WordPiece", prefix: "##", cleanup: true },
  model: {
    ...{ type: "WordPiece", unk_token: "[UNK]", continuing_subword_prefix: "##" },
    ...{ max_input_chars_per_word: 100, vocab: wordIds },
  },
};

/** Merges that make each of these words, one symbol after another, the earlier words first. */
const merges = [..." the", " cat", "ing", " Hello", "llo", " world", "'s", "  ", "日本", " é", "tion", "ent"]
  .flatMap((word) => {
    const symbols = Array.from(new TextEncoder().encode(word), (byte) => byteSymbols[byte]);
    return symbols.slice(1).map((symbol, index) => [symbols.slice(0, index + 1).join(""), symbol]);
  });
const end = "<|endoftext|>";
const robertaSpecial = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"];
const byteVocabulary = (special: readonly string[]) =>
  numbered([...special, ...byteSymbols, ...merges.map((merge) => merge.join(""))]);
const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
const bytePairs = (special: readonly string[]) => ({
  ...{ version: "1.0", truncation: null, padding: null, normalizer: null as object | null },
  added_tokens: special.map((content, id) => ({ id, content, ...flags, lstrip: content === "<mask>" })),
  pre_tokenizer: byteLevel,
  post_processor: byteLevel as object,
  decoder: byteLevel,
  model: {
    ...{ type: "BPE", dropout: null, unk_token: null as string | null, continuing_subword_prefix: "" },
    ...{ end_of_word_suffix: "", fuse_unk: false, byte_fallback: false, ignore_merges: false },
    vocab: byteVocabulary(special),
    merges: merges.map((merge) => merge.join(" ")),
  },
});
const gpt2 = bytePairs([end]);
const robertaVocabulary = bytePairs(robertaSpecial);
const roberta = {
  ...robertaVocabulary,
  post_processor: {
    type: "RobertaProcessing",
    sep: ["</s>", 2],
    cls: ["<s>", 0],
    trim_offsets: true,
    add_prefix_space: false,
  },
};

const mpnetSpecial = ["<s>", "<pad>", "</s>", "<unk>"];
const mpnetVocabulary = [
  ...new Set([...mpnetSpecial, ...wordVocabulary.slice(special.length), "[UNK]", "<mask>"]),
];
const mpnet = {
  ...wordPiece,
  added_tokens: ["<s>", "<pad>", "</s>", "[UNK]", "<mask>"].map((content) => ({
    ...{ id: mpnetVocabulary.indexOf(content), content, ...flags },
    lstrip: content === "<mask>",
  })),
  post_processor: { ...roberta.post_processor, add_prefix_space: false },
  model: { ...wordPiece.model, vocab: numbered(mpnetVocabulary) },
};

/** A vocabulary as vocab.txt has it. */
const wordLines = (tokens: readonly string[]) => tokens.map((token) => `${token}\n`).join("");

/** The files of byte-level BPE beside each other. */
const pairFiles = (special: readonly string[], model_type: string, config: object): Folder => ({
  "vocab.json": byteVocabulary(special),
  "merges.txt": `#version: 0.2\n${merges.map((merge) => `${merge.join(" ")}\n`).join("")}`,
  "tokenizer_config.json": config,
  "config.json": { model_type },
});

/** The files of a tokenizer with a vocabulary of words, one a line. */
const wordFiles = (vocabulary: string, model_type: string, config: object): Folder => ({
  "vocab.txt": vocabulary,
  "tokenizer_config.json": config,
  "config.json": { model_type },
});

const bertConfig = {
  ...{ tokenizer_class: "BertTokenizer", do_lower_case: true, strip_accents: null, model_max_length: 512 },
  ...{ unk_token: "[UNK]", sep_token: "[SEP]", pad_token: "[PAD]", cls_token: "[CLS]", mask_token: "[MASK]" },
};
const bertModel = { model_type: "bert" };

/** Adds tokens to a tokenizer.json: those that the vocabulary lacks have the ids after it. */
function withTokens<
  Definition extends {
    readonly added_tokens: readonly object[];
    readonly model: { readonly vocab: Readonly<Record<string, number>> };
  },
>(definition: Definition, tokens: readonly { readonly content: string }[]): Definition {
  const { vocab } = definition.model;
  let next = Object.keys(vocab).length;
  const more = tokens.map((token) => ({
    ...flags,
    special: false,
    ...token,
    id: vocab[token.content] ?? next++,
  }));
  return { ...definition, added_tokens: [...definition.added_tokens, ...more] };
}

const added = [
  { content: "ent", normalized: false },
  { content: "Héllo Wörld", normalized: true },
  { content: "cat", single_word: true },
  { content: "ΟΔΟΣ", normalized: true, single_word: true },
  { content: "<x>", lstrip: true, rstrip: true, special: true },
  { content: "<x><y>", rstrip: true },
  { content: "日本語", normalized: true },
];
const bert = (config: object, definition: object = wordPiece, model: object = bertModel): Folder => ({
  "tokenizer.json": definition,
  "tokenizer_config.json": { ...bertConfig, ...config },
  "config.json": model,
});
const bytes = (definition: object, model_type: string, config: object = {}): Folder => ({
  "tokenizer.json": definition,
  "tokenizer_config.json": config,
  "config.json": { model_type },
});
const file = { tokenizer_class: "PreTrainedTokenizerFast" };
const cased = { ...wordPiece.normalizer, lowercase: false };
const next = Object.keys(wordIds).length;

/** Folders whose ids the library gives, each named by what is special about it. */
export const folders: Readonly<Record<string, Folder>> = {
  "bert": bert({}),
  "bert, do_lower_case false": bert({ do_lower_case: false }),
  "bert, strip_accents false": bert({ strip_accents: false }),
  "bert, strip_accents true, do_lower_case false": bert({ strip_accents: true, do_lower_case: false }),
  "bert, tokenize_chinese_chars false": bert({ tokenize_chinese_chars: false }),
  "bert, truncation_side left": bert({ truncation_side: "left" }),
  "bert, direction left in tokenizer.json": bert({}, {
    ...wordPiece,
    truncation: { direction: "Left", max_length: 9, strategy: "LongestFirst", stride: 0 },
  }),
  "bert, model_max_length 4": bert({ model_max_length: 4 }),
  "bert, added tokens": bert({}, withTokens(wordPiece, added)),
  "bert, added tokens and cased": bert({ do_lower_case: false }, withTokens(wordPiece, added)),
  "bert, added_tokens_decoder": bert({
    added_tokens_decoder: {
      4: { content: "[MASK]", ...flags, lstrip: true },
      [wordIds.World]: { content: "World", normalized: true },
      [next]: { content: "[cls]", special: true },
    },
  }, withTokens(wordPiece, [{ content: "cat" }])),
  "bert, split_special_tokens": bert({ split_special_tokens: true }, withTokens(wordPiece, added)),
  "bert, more special tokens": bert({
    additional_special_tokens: ["<x>", { __type: "AddedToken", content: "<y>", ...flags, rstrip: true }],
    entity_token: "[E]",
  }),
  "bert, other names": bert({
    sep_token: "[MASK]",
    cls_token: { __type: "AddedToken", content: "<s>", ...flags },
    mask_token: null,
    unk_token: "the",
  }),
  "bert, special_tokens_map.json and added_tokens.json": {
    ...bert({}),
    "special_tokens_map.json": { sep_token: { content: "[PAD]", ...flags, lstrip: true }, unk_token: "one" },
    "added_tokens.json": { "<x>": next, hello: wordIds.hello },
  },
  "bert, its class by config.json alone": {
    ...bert({}, { ...wordPiece, normalizer: cased }),
    "tokenizer_config.json": {},
  },
  "tokenizer.json as it is": bert({ ...file, do_lower_case: false }, withTokens(wordPiece, added)),
  "tokenizer.json as it is, cased": bert(file, withTokens({ ...wordPiece, normalizer: cased }, added)),
  "tokenizer.json as it is, not cleaned": bert({
    ...file,
    added_tokens_decoder: { [wordIds.Hello]: { content: "Hello" } },
  }, {
    ...wordPiece,
    normalizer: { ...cased, clean_text: false, handle_chinese_chars: false, strip_accents: true },
    model: { ...wordPiece.model, max_input_chars_per_word: 4, unk_token: "world" },
  }),
  "tokenizer.json as it is, no normalizer": bert(file, { ...wordPiece, normalizer: null }),
  "tokenizer.json as it is, without model_type": {
    ...bert({}, { ...wordPiece, normalizer: cased }, {}),
    "tokenizer_config.json": { do_lower_case: true },
  },
  "distilbert": bert({ tokenizer_class: "DistilBertTokenizer" }, wordPiece, { model_type: "distilbert" }),
  "mpnet": bytes(mpnet, "mpnet"),
  "mpnet, added tokens": bytes(withTokens(mpnet, added), "mpnet", {
    ...{ tokenizer_class: "MPNetTokenizer", do_lower_case: false, bos_token: "<s>", mask_token: "<mask>" },
    added_tokens_decoder: {
      0: { content: "<s>", ...flags },
      [mpnetVocabulary.indexOf("<mask>")]: { content: "<mask>", ...flags, lstrip: true },
      [mpnetVocabulary.indexOf("World")]: { content: "World", normalized: true },
    },
  }),
  "vocab.txt of bert, cased": wordFiles(wordLines(wordVocabulary), "bert", { do_lower_case: false }),
  "vocab.txt of electra, special_tokens_map.json and added_tokens.json": {
    ...wordFiles(wordLines(wordVocabulary), "electra", { strip_accents: false }),
    "special_tokens_map.json": { sep_token: { content: "[PAD]", ...flags, lstrip: true }, unk_token: "one" },
    "added_tokens.json": { "<x>": next, hello: wordIds.hello },
  },
  "vocab.txt of distilbert, with odd lines": wordFiles(
    `${wordLines(wordVocabulary.slice(0, 40)).trim()} \t\u3000\r\n\ncat\n${
      wordLines(wordVocabulary.slice(40)).trim()
    }`,
    "distilbert",
    { tokenizer_class: "DistilBertTokenizer" },
  ),
  "vocab.txt of mpnet": wordFiles(wordLines(mpnetVocabulary), "mpnet", {
    additional_special_tokens: ["<x>"],
  }),
  "vocab.json and merges.txt of gpt2": pairFiles([end], "gpt2", { pad_token: "<PAD>" }),
  "vocab.json and merges.txt of roberta": pairFiles(robertaSpecial, "roberta", { add_prefix_space: true }),
  "gpt2": bytes(gpt2, "gpt2"),
  "gpt2, add_prefix_space": bytes(gpt2, "gpt2", { add_prefix_space: true }),
  "gpt2, added tokens": bytes(withTokens(gpt2, added), "gpt2", { tokenizer_class: "GPT2TokenizerFast" }),
  "gpt2, without the end": bytes(bytePairs([]), "gpt2", { pad_token: "<pad>" }),
  "roberta": bytes(roberta, "roberta", { truncation_side: "left" }),
  "roberta, added tokens and add_prefix_space": bytes(withTokens(roberta, added), "roberta", {
    add_prefix_space: true,
    mask_token: { __type: "AddedToken", content: "<mask>", ...flags, lstrip: true },
  }),
  "byte-level tokenizer.json as it is": bytes(
    {
      ...withTokens(robertaVocabulary, added),
      normalizer: cased,
      pre_tokenizer: { ...byteLevel, add_prefix_space: true },
      post_processor: { type: "Sequence", processors: [byteLevel, wordPiece.post_processor] },
      model: { ...robertaVocabulary.model, unk_token: "<unk>", fuse_unk: true, ignore_merges: true },
    },
    "roberta",
    { ...file, add_prefix_space: false },
  ),
};

/** Writes a tokenizer's files into a new folder. */
export async function writeFolder(path: string, folder: Folder): Promise<void> {
  await mkdir(path);
  for (const [name, content] of Object.entries(folder)) {
    await writeFile(join(path, name), typeof content === "string" ? content : JSON.stringify(content));
  }
}

const spaces = [
  " ",
  " ",
  " ",
  "  ",
  "\t",
  "\n",
  "\r\n",
  "\u0085",
  "\u00a0",
  "\u1680",
  "\u2003",
  "\u2028",
  "\u3000",
];
const invisible = [
  "\u0000",
  "\u0007",
  "\u00ad",
  "\u061c",
  "\u180e",
  "\u200b",
  "\u200d",
  "\u2060",
  "\ufeff",
  "\ufffd",
];
const fragments = [
  ...words.map((word) => word.replace("##", "")),
  ...added.map(({ content }) => content),
  ...[
    ...special,
    ...robertaSpecial,
    end,
    "<y>",
    "[E]",
    "[cls]",
    "entent",
    "Ent",
    "cat's",
    "CAT",
    "<X>",
    "I'LL",
  ],
  ...[
    "ΣΑΣ",
    "Οδυσσέας",
    "ΑΣ.",
    "İstanbul",
    "ıI",
    "ẞß",
    "ǅ",
    "ﬁ",
    "e\u0301",
    "a\u0328\u0323\u0301",
    "\u1100\u1161\u11a8",
  ],
  ...[
    "𠀀𠀁",
    "\u{2ebf0}",
    "\u{30000}",
    "\u{2f800}",
    "豈",
    "〇",
    "👩‍👩‍👧",
    "🇪🇺",
    "e\u{1e08f}\u0301\u0334",
    "a\u07fd\u0334",
  ],
  ...[
    "it's",
    "WE'VE",
    "don't",
    "x'd",
    "3.14",
    "½²",
    "१२३",
    "٣",
    "\ue000",
    "\uffff",
    "\u{10ffff}",
    "x".repeat(101),
    "é".repeat(60),
  ],
];

/** Draws a character: of all of Unicode, or of a part of it with marks, capitals or punctuation. */
function anyCharacter(random: RandomStream): string {
  const [first, count] =
    [[0, 0x80], [0x80, 0x780], [0x300, 0x70], [0x800, 0xd000], [0x10000, 0x10000], [0, 0x110000]][
      random.integer(6)
    ];
  const codePoint = first + random.integer(count);
  return codePoint >= 0xd800 && codePoint < 0xe000 ? "σ" : String.fromCodePoint(codePoint);
}

function pick<Item>(items: readonly Item[], random: RandomStream): Item {
  return items[random.integer(items.length)];
}

/** Makes a text of words, odd characters and odd spaces. */
function randomText(random: RandomStream): string {
  const part = () => {
    const kind = random.integer(10);
    if (kind < 5) return pick(fragments, random);
    if (kind < 6) return pick(fragments, random).toUpperCase();
    if (kind < 7) return pick(invisible, random);
    return Array.from({ length: 1 + random.integer(4) }, () => anyCharacter(random)).join("");
  };
  const parts = Array.from(
    { length: random.integer(9) },
    () => part() + (random.integer(3) ? pick(spaces, random) : ""),
  );
  return parts.join("");
}

/** Makes texts and pairs of them that a tokenizer may stumble over; the same seed makes the same. */
export function randomCases(count: number, seed: number): Case[] {
  const random = randomStream(seed, "token ids");
  return Array.from({ length: count }, () => ({
    text: randomText(random),
    ...random.integer(4) === 0 && { pair: randomText(random) },
    max: random.integer(3) ? 512 : 4 + random.integer(12),
  }));
}
