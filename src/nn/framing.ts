/** Sets texts between special tokens, as a tokenizer's file describes it. */

import { z } from "zod";
import { InputError } from "../errors.ts";

/** A text, or a pair of texts, as a model reads it: the id and the type id of each token. */
export interface Encoding {
  readonly ids: number[];
  readonly typeIds: number[];
}

/**
 * One part of an encoding: special tokens by their ids, or text A or B. All its tokens have the type id
 * `type`.
 */
type Slot = { readonly ids: readonly number[]; readonly type: number } | {
  readonly text: "A" | "B";
  readonly type: number;
};

/** The parts of an encoding of a single text, and of one of a pair of texts. */
export interface Framing {
  readonly single: readonly Slot[];
  readonly pair: readonly Slot[];
}

/** The end of a text that is cut off where it is too long. */
export type TruncationSide = "left" | "right";

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

/** Describes the part of tokenizer.json that says which special tokens are set around texts. */
export const postProcessorSchema = z.union([
  framingProcessor,
  z.object({ type: z.literal("Sequence"), processors: z.array(framingProcessor) }),
]).nullable();

/** What sets texts between special tokens; null where none are set. */
export type PostProcessor = z.output<typeof postProcessorSchema>;

type Processor = z.output<typeof framingProcessor>;

/** Says what to do about a broken tokenizer file. */
export const fixTokenizer =
  "Take tokenizer.json and tokenizer_config.json from the folder of the same checkpoint.";

/**
 * Sets one or two texts, given as ids, between special tokens, in at most `maxTokens` tokens. Texts that are
 * too long are cut at the given side. Throws InputError where there is no room for the special tokens alone.
 */
export function frame(
  { single, pair }: Framing,
  a: number[],
  b: number[] | undefined,
  maxTokens: number,
  side: TruncationSide,
): Encoding {
  const slots = b ? pair : single;
  const special = slots.reduce((count, slot) => count + ("ids" in slot ? slot.ids.length : 0), 0);
  if (maxTokens < special) {
    throw new InputError({
      found: `a limit of ${maxTokens} tokens`,
      expected: `at least ${special}, for the special tokens alone`,
    });
  }
  const [lengthA, lengthB] = truncatedLengths(a.length, b?.length ?? 0, maxTokens - special);
  const cut = (ids: number[], length: number) =>
    side === "right" ? ids.slice(0, length) : ids.slice(ids.length - length);
  const texts = { A: cut(a, lengthA), B: cut(b ?? [], lengthB) };
  const parts = slots.map((slot) => ({ type: slot.type, ids: "ids" in slot ? slot.ids : texts[slot.text] }));
  return {
    ids: parts.flatMap(({ ids }) => ids),
    typeIds: parts.flatMap(({ ids, type }) => ids.map(() => type)),
  };
}

/**
 * Cuts the longer text down to the length of the shorter, then both alike. If the limit is odd, the longer
 * text (or B, if they are equally long) keeps one token more.
 */
function truncatedLengths(a: number, b: number, limit: number): [a: number, b: number] {
  if (a + b <= limit) return [a, b];
  const shorter = Math.min(a, b, Math.floor(limit / 2));
  return a > b ? [limit - shorter, shorter] : [shorter, limit - shorter];
}

/** Reads from a post-processor how texts are framed. GPT-2's adds no special tokens. */
export function framingOf(file: string, postProcessor: PostProcessor): Framing {
  const processors = postProcessor?.type === "Sequence" ? postProcessor.processors : [postProcessor];
  const framings = processors.flatMap((processor) =>
    processor && processor.type !== "ByteLevel" ? [framingBy(file, processor)] : []
  );
  if (framings.length > 1) {
    throw brokenTokenizer(file, "several post-processors that add special tokens", "one at most");
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
        if (!token) {
          throw brokenTokenizer(file, `a template with "${id}"`, "only tokens listed in its special_tokens");
        }
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

/** Makes the error to throw for a broken tokenizer file. */
export function brokenTokenizer(file: string, found: string, expected: string, cause?: unknown): InputError {
  return new InputError({ at: { file }, found, expected, fix: fixTokenizer }, { cause });
}
