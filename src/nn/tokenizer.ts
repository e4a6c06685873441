import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { Tokenizer as LibraryTokenizer } from "@huggingface/tokenizers";
import { z } from "zod";
import { InputError } from "../errors.ts";
import { readJson } from "./json.ts";

/** A pretrained model's way from text to ids and back. */
export interface Tokenizer {
  /** `[CLS] A [SEP]` or `[CLS] A [SEP] B [SEP]`, at most `maxTokens` ids in all; the longer text is cut first. */
  encode(text: string, pair: string | undefined, maxTokens: number): Encoding;
  /** Ids without special tokens. */
  pieces(text: string): number[];
  /** Text of pieces without special tokens, its spaces cleaned up where the tokenizer's settings say so. */
  decode(ids: readonly number[]): string;
  tokenToId(token: string): number | undefined;
}

export interface Encoding {
  readonly ids: number[];
  readonly typeIds: number[];
}

/** What stands in a row: special tokens by their ids, or text A or B; each with the type id of its tokens. */
type Slot = { readonly ids: readonly number[]; readonly type: number } | {
  readonly text: "A" | "B";
  readonly type: number;
};

/** How one text and how two are set between special tokens. */
interface Framing {
  readonly single: readonly Slot[];
  readonly pair: readonly Slot[];
}

const type_id = z.int().nonnegative();
const template = z.array(z.union([
  z.object({ SpecialToken: z.object({ id: z.string(), type_id }) }),
  z.object({ Sequence: z.object({ id: z.enum(["A", "B"]), type_id }) }),
]));
const specialToken = z.tuple([z.string(), z.int().nonnegative()]);
const framingProcessor = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("TemplateProcessing"),
    single: template,
    pair: template,
    special_tokens: z.record(z.string(), z.object({ ids: z.array(z.int().nonnegative()) })),
  }),
  z.object({ type: z.literal("BertProcessing"), cls: specialToken, sep: specialToken }),
  z.object({ type: z.literal("RobertaProcessing"), cls: specialToken, sep: specialToken }),
  z.object({ type: z.literal("ByteLevel") }),
]);
type Processor = z.output<typeof framingProcessor>;

const tokenizerSchema = z.looseObject({
  model: z.looseObject({ vocab: z.record(z.string(), z.int().nonnegative()) }),
  added_tokens: z.array(z.looseObject({ id: z.int().nonnegative(), content: z.string() })),
  pre_tokenizer: z.looseObject({ type: z.string() }).nullable(),
  post_processor: z.union([
    framingProcessor,
    z.object({ type: z.literal("Sequence"), processors: z.array(framingProcessor) }),
  ]).nullable(),
});
const configSchema = z.looseObject({ add_prefix_space: z.boolean().optional() });

const files = ["tokenizer.json", "tokenizer_config.json"];
const fix = "Take tokenizer.json and tokenizer_config.json from the folder of the same checkpoint.";

/** Copies a checkpoint's tokenizer into the folder of a model that is made of it. */
export async function copyTokenizer(from: string, to: string): Promise<void> {
  await Promise.all(files.map((name) => copyFile(join(from, name), join(to, name))));
}

/**
 * Loads the tokenizer of a checkpoint's folder from `tokenizer.json` and `tokenizer_config.json`: those of BERT (WordPiece),
 * RoBERTa and GPT-2 (byte-level BPE). Throws InputError where a file is missing or is not what it should be.
 *
 * The library splits text into pieces; special tokens, truncation and type ids are added here, because it does not
 * truncate and gives RoBERTa's pairs type ids that RoBERTa has no embeddings for.
 */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  const [file, configFile] = files.map((name) => join(folder, name));
  const described = { expected: "the tokenizer of a checkpoint", fix };
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

function frame({ single, pair }: Framing, a: number[], b: number[] | undefined, maxTokens: number): Encoding {
  const slots = b ? pair : single;
  const special = slots.reduce((count, slot) => count + ("ids" in slot ? slot.ids.length : 0), 0);
  if (maxTokens < special) {
    throw new InputError({
      found: `a limit of ${maxTokens} tokens`,
      expected: `at least ${special}, for the special tokens alone`,
    });
  }
  const [lengthA, lengthB] = truncatedLengths(a.length, b?.length ?? 0, maxTokens - special);
  const texts = { A: a.slice(0, lengthA), B: b?.slice(0, lengthB) ?? [] };
  const parts = slots.map((slot) => ({ type: slot.type, ids: "ids" in slot ? slot.ids : texts[slot.text] }));
  return {
    ids: parts.flatMap(({ ids }) => ids),
    typeIds: parts.flatMap(({ ids, type }) => ids.map(() => type)),
  };
}

/** Cuts the longer text down to the shorter's length, then both alike; of an odd limit the longer (or B) keeps one more. */
function truncatedLengths(a: number, b: number, limit: number): [a: number, b: number] {
  if (a + b <= limit) return [a, b];
  const shorter = Math.min(a, b, Math.floor(limit / 2));
  return a > b ? [limit - shorter, shorter] : [shorter, limit - shorter];
}

/** The order of special tokens and texts that a post-processor stands for; GPT-2's adds none. */
function framingOf(file: string, postProcessor: z.output<typeof tokenizerSchema>["post_processor"]): Framing {
  const processors = postProcessor?.type === "Sequence" ? postProcessor.processors : [postProcessor];
  const framings = processors.flatMap((processor) =>
    processor && processor.type !== "ByteLevel" ? [framingBy(file, processor)] : []
  );
  if (framings.length > 1) {
    throw broken(file, "several post-processors that add special tokens", "one at most");
  }
  return framings[0] ?? { single: [textA], pair: [textA, { text: "B", type: 1 }] };
}

const textA: Slot = { text: "A", type: 0 };

function framingBy(file: string, processor: Exclude<Processor, { type: "ByteLevel" }>): Framing {
  if (processor.type === "TemplateProcessing") {
    const slots = (items: z.output<typeof template>): Slot[] =>
      items.map((item) => {
        if ("Sequence" in item) return { text: item.Sequence.id, type: item.Sequence.type_id };
        const { id, type_id } = item.SpecialToken;
        const token = processor.special_tokens[id];
        if (!token) throw broken(file, `a template with "${id}"`, "only tokens listed in its special_tokens");
        return { ids: token.ids, type: type_id };
      });
    return { single: slots(processor.single), pair: slots(processor.pair) };
  }
  const [[, cls], [, sep]] = [processor.cls, processor.sep];
  const single: Slot[] = [{ ids: [cls], type: 0 }, textA, { ids: [sep], type: 0 }];
  return processor.type === "BertProcessing"
    ? { single, pair: [...single, { text: "B", type: 1 }, { ids: [sep], type: 1 }] }
    : { single, pair: [...single, { ids: [sep], type: 0 }, { text: "B", type: 0 }, { ids: [sep], type: 0 }] };
}

/** As transformers does it, tokenizer_config.json decides whether a first word counts as one after a space. */
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
    throw broken(
      file,
      `a tokenizer that can't be used (${message})`,
      "that of BERT, RoBERTa or GPT-2",
      cause,
    );
  }
}

function broken(file: string, found: string, expected: string, cause?: unknown): InputError {
  return new InputError({ at: { file }, found, expected, fix }, { cause });
}
