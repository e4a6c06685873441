/** Expected ids come from the Python packages `tokenizers` 0.23.3 and `transformers`, given the same tokenizer.json. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../../src/errors.ts";
import { loadTokenizer, type Tokenizer } from "../../src/nn/tokenizer.ts";
import { fixture } from "../fixtures.ts";
import { inFolder } from "../in_folder.ts";

const words = ["<s>", "</s>", "<unk>", "one", "two", "##s", ".", "n", ",", "'", "t", "do"];

const wordPiece = {
  version: "1.0",
  added_tokens: words.slice(0, 3).map((content, id) => ({ id, content, special: true, normalized: false })),
  normalizer: {
    type: "BertNormalizer",
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: "BertPreTokenizer" },
  post_processor: null,
  decoder: { type: "WordPiece", prefix: "##", cleanup: true },
  model: {
    type: "WordPiece",
    unk_token: "<unk>",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(words.map((word, id) => [word, id])),
  },
};

const bert = { type: "BertProcessing", cls: ["<s>", 0], sep: ["</s>", 1] };
const roberta = {
  type: "RobertaProcessing",
  cls: ["<s>", 0],
  sep: ["</s>", 1],
  trim_offsets: true,
  add_prefix_space: false,
};
const byteLevelProcessor = {
  type: "ByteLevel",
  add_prefix_space: true,
  trim_offsets: false,
  use_regex: true,
};
const end = (type_id: number) => ({ SpecialToken: { id: "end", type_id } });
const backwards = {
  type: "TemplateProcessing",
  single: [{ Sequence: { id: "A", type_id: 0 } }, end(0)],
  pair: [end(3), { Sequence: { id: "B", type_id: 1 } }, end(1), { Sequence: { id: "A", type_id: 0 } }],
  special_tokens: { end: { id: "end", ids: [1, 0], tokens: ["</s>", "<s>"] } },
};

/** Writes the two files into a folder for as long as `use` runs. Text stands for itself, anything else for its JSON. */
function withFiles<Result>(
  files: Record<string, unknown>,
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  return inFolder(async (folder) => {
    for (const [name, content] of Object.entries(files)) {
      await Deno.writeTextFile(
        join(folder, name),
        typeof content === "string" ? content : JSON.stringify(content),
      );
    }
    return await use(folder);
  });
}

const open = (definition: object, config: object = {}): Promise<Tokenizer> =>
  withFiles({ "tokenizer.json": definition, "tokenizer_config.json": config }, loadTokenizer);

const framings = {
  "BERT's: pairs have type ids 0 and 1": {
    processor: bert,
    single: { ids: [0, 3, 4, 6, 1], typeIds: [0, 0, 0, 0, 0] },
    pair: { ids: [0, 3, 4, 6, 1, 4, 5, 1], typeIds: [0, 0, 0, 0, 0, 1, 1, 1] },
    emptyPair: { ids: [0, 3, 1, 1], typeIds: [0, 0, 0, 1] },
  },
  "RoBERTa's: two separators, type ids all 0": {
    processor: roberta,
    single: { ids: [0, 3, 4, 6, 1], typeIds: [0, 0, 0, 0, 0] },
    pair: { ids: [0, 3, 4, 6, 1, 1, 4, 5, 1], typeIds: [0, 0, 0, 0, 0, 0, 0, 0, 0] },
    emptyPair: { ids: [0, 3, 1, 1, 1], typeIds: [0, 0, 0, 0, 0] },
  },
  "a template's own order, ids and types": {
    processor: backwards,
    single: { ids: [3, 4, 6, 1, 0], typeIds: [0, 0, 0, 0, 0] },
    pair: { ids: [1, 0, 4, 5, 1, 0, 3, 4, 6], typeIds: [3, 3, 1, 1, 1, 1, 0, 0, 0] },
    emptyPair: { ids: [1, 0, 1, 0, 3], typeIds: [3, 3, 1, 1, 0] },
  },
  "BERT's within a sequence of processors": {
    processor: { type: "Sequence", processors: [byteLevelProcessor, bert] },
    single: { ids: [0, 3, 4, 6, 1], typeIds: [0, 0, 0, 0, 0] },
    pair: { ids: [0, 3, 4, 6, 1, 4, 5, 1], typeIds: [0, 0, 0, 0, 0, 1, 1, 1] },
    emptyPair: { ids: [0, 3, 1, 1], typeIds: [0, 0, 0, 1] },
  },
  "none: no special tokens": {
    processor: null,
    single: { ids: [3, 4, 6], typeIds: [0, 0, 0] },
    pair: { ids: [3, 4, 6, 4, 5], typeIds: [0, 0, 0, 1, 1] },
    emptyPair: { ids: [3], typeIds: [0] },
  },
};

for (const [name, { processor, single, pair, emptyPair }] of Object.entries(framings)) {
  Deno.test(`framing of one text and of two: ${name}`, async () => {
    const tokenizer = await open({ ...wordPiece, post_processor: processor });
    assert.deepEqual(tokenizer.encode("one two.", undefined, 50), single);
    assert.deepEqual(tokenizer.encode("one two.", "twos", 50), pair);
    assert.deepEqual(tokenizer.encode("one", "", 50), emptyPair);
    assert.deepEqual(tokenizer.pieces("One TWOS."), [3, 4, 5, 6]);
  });
}

Deno.test("the longer text is cut first, then both; an odd place goes to the longer, or to B of two equals", async () => {
  const tokenizer = await open({ ...wordPiece, post_processor: bert });
  const cases = [
    { a: 6, b: 6, limit: 15, kept: [6, 6] },
    { a: 6, b: 6, limit: 12, kept: [4, 5] },
    { a: 6, b: 6, limit: 9, kept: [3, 3] },
    { a: 5, b: 8, limit: 10, kept: [3, 4] },
    { a: 8, b: 5, limit: 10, kept: [4, 3] },
    { a: 1, b: 9, limit: 10, kept: [1, 6] },
    { a: 9, b: 1, limit: 10, kept: [6, 1] },
    { a: 6, b: 8, limit: 8, kept: [2, 3] },
    { a: 9, b: 0, limit: 6, kept: [3, 0] },
    { a: 0, b: 9, limit: 6, kept: [0, 3] },
    { a: 4, b: 4, limit: 3, kept: [0, 0] },
  ];
  for (const { a, b, limit, kept } of cases) {
    const { ids, typeIds } = tokenizer.encode("one ".repeat(a), "two ".repeat(b), limit);
    const count = (id: number) => ids.filter((other) => other === id).length;
    assert.deepEqual([count(3), count(4)], kept, `${a} and ${b} tokens in ${limit}`);
    assert.deepEqual([ids[0], ids[kept[0] + 1], ids.at(-1), ids.length], [0, 1, 1, typeIds.length]);
  }
});

Deno.test("one text is cut at its end and keeps its special tokens", async () => {
  const tokenizer = await open({ ...wordPiece, post_processor: bert });
  assert.deepEqual(tokenizer.encode("one two one two", undefined, 5).ids, [0, 3, 4, 3, 1]);
  assert.deepEqual(tokenizer.encode("one two", undefined, 2).ids, [0, 1]);
});

Deno.test("a limit below the special tokens alone is the user's mistake", async () => {
  const tokenizer = await open({ ...wordPiece, post_processor: bert });
  assert.throws(() => tokenizer.encode("one", "two", 2), (error) => {
    assert.ok(error instanceof InputError);
    assert.match(error.message, /found a limit of 2 tokens, expected at least 3/);
    return true;
  });
});

Deno.test("decoding joins pieces, tidies spaces and leaves special tokens out", async () => {
  const tokenizer = await open(wordPiece);
  assert.equal(tokenizer.decode([0, 3, 4, 5, 8, 3, 6, 1]), "one twos, one.");
  assert.equal(tokenizer.decode([11, 7, 9, 10]), "don't");
  assert.equal(tokenizer.decode([]), "");
  assert.equal(tokenizer.decode([0, 1]), "");
});

Deno.test("tokens have ids, those of the vocabulary and the added ones", async () => {
  const added = [...wordPiece.added_tokens, { id: 12, content: "<mask>", special: true, normalized: false }];
  const tokenizer = await open({ ...wordPiece, added_tokens: added });
  assert.equal(tokenizer.tokenToId("##s"), 5);
  assert.equal(tokenizer.tokenToId("<mask>"), 12);
  assert.equal(tokenizer.tokenToId("absent"), undefined);
});

const byteLevel = {
  version: "1.0",
  added_tokens: [{ id: 10, content: "<end>", special: true, normalized: false }],
  normalizer: null,
  pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
  post_processor: byteLevelProcessor,
  decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
  model: {
    type: "BPE",
    unk_token: null,
    continuing_subword_prefix: "",
    end_of_word_suffix: "",
    fuse_unk: false,
    vocab: { H: 0, e: 1, l: 2, o: 3, "Ġ": 4, w: 5, "Ã": 6, "¯": 7, lo: 8, "Ġw": 9 },
    merges: ["l o", "Ġ w"],
  },
};

Deno.test("byte-level BPE, as GPT-2 has it: bytes are merged, no special tokens", async () => {
  const tokenizer = await open(byteLevel);
  assert.deepEqual(tokenizer.encode("Hello wo", undefined, 50).ids, [0, 1, 2, 8, 9, 3]);
  assert.deepEqual(tokenizer.pieces("ï"), [6, 7]);
  assert.equal(tokenizer.decode([0, 1, 2, 8, 9, 3, 6, 7, 10]), "Hello woï");
});

Deno.test("tokenizer_config.json decides whether the first word follows a space; without its word, tokenizer.json", async () => {
  const withSpace = [4, 0, 1, 2, 8, 9, 3];
  assert.deepEqual((await open(byteLevel, { add_prefix_space: true })).pieces("Hello wo"), withSpace);
  assert.deepEqual((await open(byteLevel, { add_prefix_space: false })).pieces("lo"), [8]);
  const spaced = { ...byteLevel, pre_tokenizer: { ...byteLevel.pre_tokenizer, add_prefix_space: true } };
  assert.deepEqual((await open(spaced)).pieces("Hello wo"), withSpace);
  assert.deepEqual((await open(spaced, { add_prefix_space: false })).pieces("Hello wo"), withSpace.slice(1));
});

Deno.test("fields of tokenizer_config.json that say nothing change nothing, however they say it", async () => {
  const plain = (await open(wordPiece)).encode("one two.", undefined, 50);
  for (const extra_special_tokens of [undefined, null, [], {}]) {
    const config = { extra_special_tokens, add_prefix_space: null, do_lower_case: null };
    assert.deepEqual((await open(wordPiece, config)).encode("one two.", undefined, 50), plain);
  }
  const named = await Promise.all(
    [["[NEW]"], { image_token: "[NEW]" }].map((extra_special_tokens) =>
      open(wordPiece, { extra_special_tokens })
    ),
  );
  const [listed, byRole] = named.map((tokenizer) => tokenizer.pieces("one [NEW] two"));
  assert.deepEqual(byRole, listed);
});

const broken: Record<string, { readonly files: Record<string, unknown>; readonly message: RegExp }> = {
  "no tokenizer.json": {
    files: { "tokenizer_config.json": {} },
    message: /tokenizer\.json: found no readable/,
  },
  "no tokenizer_config.json": {
    files: { "tokenizer.json": wordPiece },
    message: /tokenizer_config\.json: found no readable file/,
  },
  "a file cut short": {
    files: { "tokenizer.json": JSON.stringify(wordPiece).slice(0, 99), "tokenizer_config.json": {} },
    message: /tokenizer\.json:1:100: found text that is not JSON/,
  },
  "a list for settings": {
    files: { "tokenizer.json": wordPiece, "tokenizer_config.json": [] },
    message: /tokenizer_config\.json: found .*expected object/,
  },
  "no vocabulary": {
    files: { "tokenizer.json": { ...wordPiece, model: { type: "BPE" } }, "tokenizer_config.json": {} },
    message: /tokenizer\.json: found .*model\.vocab/,
  },
  "an unknown post-processor": {
    files: {
      "tokenizer.json": { ...wordPiece, post_processor: { type: "Chat" } },
      "tokenizer_config.json": {},
    },
    message: /tokenizer\.json: found .*post_processor/,
  },
  "a template with an unlisted token": {
    files: {
      "tokenizer.json": { ...wordPiece, post_processor: { ...backwards, special_tokens: {} } },
      "tokenizer_config.json": {},
    },
    message: /a template with "end", expected only tokens listed/,
  },
  "two processors that add special tokens": {
    files: {
      "tokenizer.json": { ...wordPiece, post_processor: { type: "Sequence", processors: [bert, roberta] } },
      "tokenizer_config.json": {},
    },
    message: /several post-processors that add special tokens, expected one at most/,
  },
  "a normalizer that nobody knows": {
    files: { "tokenizer.json": { ...wordPiece, normalizer: { type: "Rot13" } }, "tokenizer_config.json": {} },
    message: /a tokenizer that can't be used \(.*Rot13/,
  },
};

for (const [fault, { files, message }] of Object.entries(broken)) {
  Deno.test(`refused with its file and what to do: ${fault}`, async () => {
    await assert.rejects(withFiles(files, loadTokenizer), (error) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, message);
      assert.match(error.message, /Take tokenizer\.json and tokenizer_config\.json/);
      return true;
    });
  });
}

interface Case {
  readonly text: string;
  readonly pair: string | null;
  readonly max_length: number;
  readonly input_ids: number[];
  readonly token_type_ids: number[];
}

const minilm = fileURLToPath(new URL("../../artifacts/setup/minilm-l6", import.meta.url));
Deno.test({
  name: "MiniLM's ids and type ids equal transformers' (needs set-up's MiniLM)",
  ignore: !existsSync(minilm),
  fn: async () => {
    const tokenizer = await loadTokenizer(minilm);
    const cases: readonly Case[] = JSON.parse(readFileSync(fixture("minilm-l6.json"), "utf8"));
    for (const { text, pair, max_length, input_ids, token_type_ids } of cases) {
      const expected = { ids: input_ids, typeIds: token_type_ids };
      assert.deepEqual(tokenizer.encode(text, pair ?? undefined, max_length), expected);
    }
    const sentence = "he didn't say: \"it's fine, isn't it?\"";
    assert.equal(tokenizer.decode(tokenizer.pieces(sentence)), `he didn't say : " it's fine, isn't it? "`);
  },
});
