import type { Bench } from "../benchmark.ts";
import { writeRunFile } from "./run_file.ts";
import type { BatchShape, Step } from "./step.ts";

/**
 * Writes a file with one step, whose batches all have one shape and hold arbitrary tokens, and returns its
 * path.
 */
export function writeStepOfShape(
  bench: Pick<Bench, "folder" | "config">,
  name: string,
  { rows, length }: BatchShape,
  batches = 1,
): string {
  // The first few tokens are special.
  const token = (place: number) => 10 + (place * 7919) % (bench.config.vocabularySize - 10);
  const texts = (batch: number) =>
    Array.from(
      { length: rows },
      (_, row) => Array.from({ length }, (_, index) => token((batch * rows + row) * length + index)),
    );
  const step: Step = {
    tokens: batches * rows * length,
    batches: Array.from({ length: batches }, (_, batch) => ({
      texts: texts(batch),
      ...(batch === 0 ? { labels: Array.from({ length: rows }, (_, row) => row % 2) } : {}),
    })),
  };
  return writeRunFile(bench, name, [step]);
}
