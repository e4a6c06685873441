import { loadTokenizer } from "../../src/nn/tokenizer.ts";
import type { Perform } from "./perform.ts";

/** Tokenises in each step all texts of a file, which is a JSON list. */
export interface TokenizerWork {
  readonly kind: "tokenizer";
  readonly checkpoint: string;
  readonly texts: string;
}

/** Encodes as the stages do. A step counts its texts in place of tokens. */
export async function prepareTokenizer(work: TokenizerWork): Promise<Perform> {
  const tokenizer = await loadTokenizer(work.checkpoint);
  const texts: string[] = JSON.parse(await Deno.readTextFile(work.texts));
  return () => {
    for (const text of texts) tokenizer.encode(text, undefined, 128);
    return texts.length;
  };
}
