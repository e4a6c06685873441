/** Token ids and words as they are made here, in the form in which token_ids.py prints the library's. */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { bertWords, normalizeBert } from "../../src/nn/bert_words.ts";
import { byteLevelWords } from "../../src/nn/byte_level.ts";
import { loadTokenizer } from "../../src/nn/tokenizer.ts";
import { inFolder } from "../in_folder.ts";
import { askPython, pythonWith } from "../python.ts";
import { type Case, type Folder, writeFolder } from "./token_id_cases.ts";

/** What token_ids.py prints. */
export interface Answer {
  /** The ids of each case, by folder. */
  readonly ids: readonly (readonly number[][])[];
  /** The digests of what becomes of 4096 code points each, by what is done to them. */
  readonly points: Readonly<Record<string, readonly string[]>>;
}

const off = { clean_text: false, handle_chinese_chars: false, strip_accents: false, lowercase: false };
const normalized = (setting: object) => (character: string) =>
  normalizeBert(character, { ...off, ...setting });
const words = (split: (text: string) => string[]) => (character: string) =>
  split(`a${character}a1${character}!${character}`).join("\t");
const parts: Readonly<Record<string, (character: string) => string>> = {
  clean_text: normalized({ clean_text: true }),
  handle_chinese_chars: normalized({ handle_chinese_chars: true }),
  strip_accents: normalized({ strip_accents: true }),
  lowercase: normalized({ lowercase: true }),
  BertPreTokenizer: words(bertWords),
  ByteLevel: words((text) => byteLevelWords(text, false)),
};

/** Computes the digests of what becomes of all code points. */
export function pointDigests(): Answer["points"] {
  const blocks = Array.from(
    { length: 0x110 },
    (_, block) =>
      Array.from({ length: 4096 }, (_, index) => 4096 * block + index)
        .filter((codePoint) => codePoint < 0xd800 || codePoint >= 0xe000).map((point) =>
          String.fromCodePoint(point)
        ),
  );
  const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 8);
  return Object.fromEntries(
    Object.entries(parts).map((
      [name, part],
    ) => [name, blocks.map((block) => digest(block.map(part).join("\n")))]),
  );
}

/** Encodes texts by the tokenizer in a folder. */
export async function encodeAll(folder: string, cases: readonly Case[]): Promise<number[][]> {
  const tokenizer = await loadTokenizer(folder);
  return cases.map(({ text, pair, max }) => tokenizer.encode(text, pair, max).ids);
}

/** Writes tokenizers into folders for as long as `use` runs. */
export async function withFolders(
  folders: Readonly<Record<string, Folder>>,
  use: (paths: readonly string[]) => Promise<void>,
): Promise<void> {
  await inFolder(async (root) => {
    const paths = Object.keys(folders).map((_, index) => join(root, `${index}`));
    for (const [index, folder] of Object.values(folders).entries()) await writeFolder(paths[index], folder);
    await use(paths);
  });
}

/** Returns a Python that has the library; undefined where it can't be installed. */
export function pythonWithTransformers(): Promise<string | undefined> {
  return pythonWith(["transformers==5.23.0", "tokenizers==0.23.3"]);
}

/** Asks the library for the ids of texts by the tokenizers in folders, and how it sees all code points. */
export async function askTransformers(
  python: string,
  folders: readonly string[],
  cases: readonly Case[],
  points: boolean,
): Promise<Answer> {
  const input = JSON.stringify({ folders, cases, points });
  return await askPython(python, new URL("token_ids.py", import.meta.url), [], input) as Answer;
}
