/**
 * Runs in a thread of its own: it loads a model and classifies texts. A call of libtensorflow holds up its
 * thread until a batch is done, which requests mustn't wait for.
 */

import { InputError } from "../../errors.ts";
import { type Answer, answering } from "../../inference/answer.ts";
import { type Classifier, loadClassifier } from "../../inference/classifier.ts";
import { predictSorted } from "../../inference/sorted_prediction.ts";
import { isTokenised } from "../../inference/text_row.ts";
import type { Sequence } from "../../nn/sequence.ts";
import type { Text } from "../../nn/text.ts";
import { namedModel } from "../predict/model.ts";
import { measuredOnDev2 } from "./measured.ts";
import type { Loaded, LoadOptions, Question, Reply } from "./protocol.ts";

type Classify = (contents: readonly (Text | Sequence)[]) => Promise<readonly Answer[]>;

let classify: Classify = () => Promise.reject(new Error("no model is loaded"));

/** Loads the model that all texts from now on are classified by. */
async function load(
  { model: name, file, precision, threads, scratch, ...options }: LoadOptions,
): Promise<Loaded> {
  const model = namedModel(name, file);
  const classifier = await loadClassifier(model.folder, { ...model, precision, threads, scratch });
  const { answers, promises } = answering(classifier, options);
  classify = async (contents) => {
    const sequences = contents.map((content) => isTokenised(content) ? content : classifier.encode(content));
    const cut = contents.map((content, row) =>
      !isTokenised(content) && classifier.isCut(content, sequences[row])
    );
    return answers(await predictSorted(classifier, sequences), cut);
  };
  await classify([{ text: "a" }]); // the first run takes longer than others, and no client should wait for it
  const calibrator = options.uncalibrated ? undefined : classifier.calibrator;
  const dev2 = await measuredOnDev2(model, classifier, calibrator);
  return {
    info: describe(name, model.key, classifier, calibrator, promises, dev2),
    config: classifier.config,
  };
}

function describe(
  name: string,
  key: string | undefined,
  { digest, precision, description: { variant, classes, maxTokens } }: Classifier,
  calibrator: Classifier["calibrator"],
  promises: readonly string[],
  dev2: Loaded["info"]["dev2"],
): Loaded["info"] {
  return {
    model: name,
    digest,
    ...(key === undefined ? {} : { key }),
    variant,
    classes,
    maxTokens,
    precision,
    ...(calibrator
      ? { calibrator: { summary: calibrator.calibrator.summary, fittedOn: calibrator.fittedOn } }
      : {}),
    promises: [...promises],
    ...(dev2 ? { dev2 } : {}),
  };
}

/** The part of a worker's global scope that is used; Deno's types are of the main thread's. */
interface WorkerScope {
  onmessage: (event: MessageEvent<Question>) => void;
  postMessage(reply: Reply): void;
}

const scope = self as unknown as WorkerScope;

scope.onmessage = async ({ data }) => {
  try {
    scope.postMessage({ value: await ("load" in data ? load(data.load) : classify(data.texts)) });
  } catch (error) {
    scope.postMessage(error instanceof InputError ? { mistake: error.mistake } : { error });
  }
};
