import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../../errors.ts";
import { readConfig } from "../../nn/read_config.ts";
import { readJson } from "../../nn/json.ts";
import type { ReadsTexts } from "./folder.ts";

const configSchema = z.looseObject({
  architectures: z.array(z.string()).optional(),
  problem_type: z.string().nullish(),
  id2label: z.record(z.string().regex(/^\d+$/, "a class's number"), z.string()).optional(),
  num_labels: z.int().positive().optional(),
});

const tokenizerSchema = z.looseObject({ model_max_length: z.number().optional() });

const fix = "Name the folder of a classifier that chooses one of two or more classes.";

/**
 * Reads how another program's classifier reads texts: one that `AutoModelForSequenceClassification` of
 * transformers loads. Classes are those of `id2label`; texts may fill all positions, unless the tokenizer
 * allows fewer tokens. Throws InputError where it is no such classifier.
 */
export async function readSequenceClassification(folder: string): Promise<ReadsTexts> {
  const file = join(folder, "config.json");
  const config = await readConfig(folder);
  const described = await readJson(file, configSchema, { expected: "a classifier's configuration", fix });
  const { architectures = [], problem_type, id2label, num_labels = 2 } = described;
  const other = architectures.find((name) => !name.endsWith("ForSequenceClassification"));
  const refuse = (found: string, expected: string) => new InputError({ at: { file }, found, expected, fix });
  if (other !== undefined) throw refuse(`architectures "${other}"`, "one ForSequenceClassification");
  if (problem_type && problem_type !== "single_label_classification") {
    throw refuse(`problem_type "${problem_type}"`, '"single_label_classification"');
  }
  const count = id2label ? Object.keys(id2label).length : num_labels;
  const classes = Array.from({ length: count }, (_, id) => id2label ? id2label[id] : `LABEL_${id}`);
  if (count < 2 || classes.includes(undefined as never) || new Set(classes).size < count) {
    throw refuse(
      `id2label of ${count} ${count === 1 ? "class" : "classes"}`,
      "two or more, numbered from 0, with names that differ",
    );
  }
  const tokenizer = await readJson(join(folder, "tokenizer_config.json"), tokenizerSchema, {
    expected: "a tokenizer's settings",
    fix: "Take tokenizer.json and tokenizer_config.json from the folder of the same model.",
  });
  const positions = config.maxPositions - config.firstPosition;
  return {
    variant: "baseline",
    classes,
    maxTokens: Math.min(positions, tokenizer.model_max_length ?? positions),
  };
}
