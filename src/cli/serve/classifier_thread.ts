import { InputError } from "../../errors.ts";
import type { Answer } from "../../inference/answer.ts";
import type { Sequence } from "../../nn/sequence.ts";
import type { Text } from "../../nn/text.ts";
import type { Loaded, LoadOptions, Question, Reply } from "./protocol.ts";

/** A model in a thread of its own. */
export interface ClassifierThread extends Loaded {
  /** Classifies texts. It must not be called again before it is done. */
  classify(texts: readonly (Text | Sequence)[]): Promise<readonly Answer[]>;
  close(): void;
}

/**
 * Loads a model in a thread of its own, which has the permissions of this one.
 *
 * @throws {InputError} where the model can't be loaded, or can't answer as the options ask
 */
export async function startClassifier(options: LoadOptions): Promise<ClassifierThread> {
  const worker = new Worker(new URL("worker.ts", import.meta.url), { type: "module" });
  function ask<Value>(question: Question): Promise<Value> {
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Reply>) => {
        if ("value" in data) return resolve(data.value as Value);
        reject("mistake" in data ? new InputError(data.mistake) : data.error);
      };
      worker.postMessage(question);
    });
  }
  try {
    const loaded = await ask<Loaded>({ load: options });
    return { ...loaded, classify: (texts) => ask({ texts }), close: () => worker.terminate() };
  } catch (error) {
    worker.terminate();
    throw error;
  }
}
