import type { Bench, Findings } from "../../benchmark.ts";
import { classifierFolder } from "../../inputs/classifier_folder.ts";
import { readReviews } from "../../inputs/reviews.ts";
import { count } from "../../page/table.ts";
import { bfloat16Note } from "../../peers/predictors.ts";
import { rates } from "./rates.ts";
import { wholePrograms } from "./whole_programs.ts";

/** Measures predictions from texts to probabilities: by a program that is warm, and by whole programs. */
export async function benchPredict(bench: Bench): Promise<Findings> {
  const folder = await classifierFolder(bench);
  const { dev2 } = await readReviews(bench);
  const texts = dev2.slice(0, bench.settings.predict.texts).map(({ text }) => text);
  const warm = await rates(bench, folder, texts);
  const whole = await wholePrograms(bench, folder, texts);
  const text = [
    `${
      count(texts.length)
    } texts of dev2, from the text to its probabilities: all programs tokenise, sort by length, ` +
    "and predict batches of 64 with the same classifier, pretrained MiniLM-L6 with an untrained head. The others pad " +
    "each batch to its longest text; PyTorch's whole model is in its precision, ONNX Runtime's graph is fused by its " +
    "own tool for transformers, and its int8 is dynamic quantisation. A ratio says how many times as fast Calibrant is." +
    bfloat16Note(),
    warm,
    "Whole programs, of which each starts anew, with the model's files in the system's cache: `deno task predict` with " +
    "its set-up check, and scripts of a few lines. Memory is that of the largest process. The last column is the " +
    "largest difference of a logit from Calibrant's in float32.",
    whole.text,
  ].join("\n\n");
  return { text, ...(whole.failure ? { failure: whole.failure } : {}) };
}
