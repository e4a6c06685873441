/** A tokenizer whose ids wouldn't be the library's is refused, by the file and what is wrong with it. */

import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../src/errors.ts";
import { copyTokenizer, loadTokenizer } from "../../src/nn/tokenizer.ts";
import { inFolder } from "../in_folder.ts";
import { type Folder, folders, writeFolder } from "./token_id_cases.ts";

const bert = folders["bert"];
const asItIs = folders["tokenizer.json as it is, no normalizer"];

function changed(folder: Folder, name: string, change: object): Folder {
  return { ...folder, [name]: { ...folder[name] as object, ...change } };
}

const config = (change: object) => changed(bert, "tokenizer_config.json", change);
const definition = (change: object) => changed(asItIs, "tokenizer.json", change);
const model = (change: object) =>
  definition({ model: { ...(asItIs["tokenizer.json"] as { model: object }).model, ...change } });
const bytePairs = folders["vocab.json and merges.txt of gpt2"];
const words = folders["vocab.txt of bert, cased"];
const flags = { single_word: false, lstrip: false, rstrip: false, normalized: true, special: false };

const refused: Record<string, { readonly folder: Folder; readonly message: RegExp }> = {
  "another class": {
    folder: config({ tokenizer_class: "BertJapaneseTokenizer" }),
    message:
      /tokenizer_config\.json: found the tokenizer_class BertJapaneseTokenizer, expected one of BertTok/,
  },
  "code of its own": { folder: config({ auto_map: {} }), message: /found .*not supported.* auto_map/ },
  "an unknown side": { folder: config({ truncation_side: "middle" }), message: /found .*truncation_side/ },
  "a text for true": { folder: config({ do_lower_case: "false" }), message: /found .*do_lower_case/ },
  "a token without its mark": {
    folder: config({ mask_token: { content: "[MASK]", ...flags } }),
    message: /found .*mask_token/,
  },
  "no separator": { folder: config({ sep_token: null }), message: /found null for cls_token or sep_token/ },
  "an id that isn't the next": {
    folder: config({ added_tokens_decoder: { 9999: { content: "fox", ...flags } } }),
    message: /tokenizer_config\.json: found the added token "fox" with the id 9999, expected \d+/,
  },
  "two tokens with one normalized text": {
    folder: config({
      added_tokens_decoder: { 188: { content: "Fox", ...flags }, 189: { content: "fox", ...flags } },
    }),
    message: /found the added token "fox", which is "fox" once normalized/,
  },
  "a class and a model that don't fit": {
    folder: config({ tokenizer_class: "RobertaTokenizer" }),
    message: /found a model of the type WordPiece, expected BPE, as RobertaTokenizer has/,
  },
  "another normalizer": {
    folder: definition({ normalizer: { type: "NFC" } }),
    message: /can't be used \(its normalizer is \{"type":"NFC"\}\), expected a BertNormalizer, or none/,
  },
  "another pre-tokenizer": {
    folder: definition({ pre_tokenizer: { type: "Whitespace" } }),
    message: /its pre_tokenizer is \{"type":"Whitespace"\}/,
  },
  "bytes for words": {
    folder: definition({ pre_tokenizer: { type: "ByteLevel", add_prefix_space: false } }),
    message: /found a WordPiece model of words by ByteLevel, expected BertPreTokenizer/,
  },
  "an unknown model": { folder: model({ type: "Unigram" }), message: /tokenizer\.json: found .*model\.type/ },
  "no unknown token": { folder: model({ unk_token: "<?>" }), message: /found no unknown token "<\?>"/ },
  "a merge of three": {
    folder: { ...bytePairs, "merges.txt": "#version: 0.2\ni n\nin g s\n" },
    message: /merges\.txt:3: found a line with 3 parts, expected two tokens and a space/,
  },
  "an empty line among the merges": {
    folder: { ...bytePairs, "merges.txt": "i n\n\n" },
    message: /merges\.txt:2: found a line with 1 part, expected two tokens and a space/,
  },
  "a merge into a token without id": {
    folder: { ...bytePairs, "merges.txt": "q z\n" },
    message: /merges\.txt:1: found a merge with "qz", expected tokens that vocab\.json has an id for/,
  },
  "a vocabulary that is a list": {
    folder: { ...bytePairs, "vocab.json": ["a"] },
    message: /vocab\.json: found .*expected an object with the id of each token/,
  },
  "vocab.txt without the unknown token": {
    folder: { ...words, "vocab.txt": "[CLS]\n[SEP]\n" },
    message: /vocab\.txt: found no unknown token "\[UNK\]" in the vocabulary/,
  },
};

for (const [fault, { folder, message }] of Object.entries(refused)) {
  Deno.test(`a tokenizer is refused that has ${fault}`, async () => {
    await inFolder(async (root) => {
      await writeFolder(join(root, "tokenizer"), folder);
      await assert.rejects(loadTokenizer(join(root, "tokenizer")), (error) => {
        assert.ok(error instanceof InputError);
        assert.match(error.message, message);
        return true;
      });
    });
  });
}

Deno.test("where the class has other files than there are, the message says how to make tokenizer.json", async () => {
  for (const tokenizer_class of ["PreTrainedTokenizerFast", "RobertaTokenizer"]) {
    await inFolder(async (root) => {
      const folder = join(root, "tokenizer");
      await writeFolder(folder, { ...words, "tokenizer_config.json": { tokenizer_class } });
      await assert.rejects(loadTokenizer(folder), (error) => {
        assert.ok(error instanceof InputError);
        assert.match(error.message, /tokenizer\.json: found no such file, but vocab\.txt, expected/);
        assert.match(error.message, /AutoTokenizer\.from_pretrained/);
        return true;
      });
    });
  }
});

Deno.test("a copy gives the same ids, though it has no config.json that names the class", async () => {
  const text = "Hello World <x> ΑΣ [MASK]";
  await inFolder(async (root) => {
    for (const [index, folder] of Object.values(folders).entries()) {
      const [from, to] = ["from", "to"].map((name) => join(root, `${name}-${index}`));
      await writeFolder(from, folder);
      await mkdir(to);
      await copyTokenizer(from, to);
      const [given, copy] = await Promise.all([loadTokenizer(from), loadTokenizer(to)]);
      assert.deepEqual(copy.encode(text, "hello", 50), given.encode(text, "hello", 50));
      if (index > 0) continue;
      const [a, b] = await Promise.all(
        [from, to].map((path) => readFile(join(path, "tokenizer_config.json"))),
      );
      assert.deepEqual(a, b, "a configuration that names the class is copied as it is");
    }
  });
});
