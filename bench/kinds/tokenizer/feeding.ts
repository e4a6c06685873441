/**
 * Runs the stage `finetune` on the reviews for a few steps, and prints as JSON what its time went to outside
 * the session.
 *
 *   feeding.ts VARIANT REVIEWS CHECKPOINT SCRATCH THREADS STEPS [LAYERS]
 */
import { join } from "node:path";
import { readRows, writeRows } from "../../../src/data/rows.ts";
import { loadTensorFlow } from "../../../src/runtime/tensorflow.ts";
import finetune from "../../../stages/finetune.ts";
import prepareData from "../../../stages/prepare-data.ts";

/** What the host spent its time on, in milliseconds. */
export interface Feeding {
  /** How long it took until all texts were read and tokenised. */
  readonly tokenized: number;
  /** How long each step but the first took, and how much of that was spent outside the session's calls. */
  readonly steps: readonly { readonly milliseconds: number; readonly host: number }[];
}

if (import.meta.main) {
  const [variant, reviews, checkpoint, scratch, threads, steps, layers] = Deno.args;
  const context = async (inputs: Readonly<Record<string, string>>) => ({
    input: (name: string) => inputs[name],
    inputs: (name: string) => new Map([["", inputs[name]]]),
    output: await Deno.makeTempDir({ dir: scratch }),
    scratch: await Deno.makeTempDir({ dir: scratch }),
    checkpoint: await Deno.makeTempDir({ dir: scratch }),
    threads: Number(threads),
    log: () => {},
    summary: () => {},
    progress: () => {},
  });
  const preparing = await context({ source: reviews });
  const source = { kind: "movie-reviews" };
  await prepareData.run({ ...preparing, parameters: prepareData.parameters.parse({ source }) });
  const [data, noise] = [preparing.output, await Deno.makeTempDir({ dir: scratch })];
  // The reviews stand in for noise texts, since what they say doesn't matter here.
  const train = await readRows(join(data, "train.jsonl"));
  await writeRows(join(noise, "train.jsonl"), train.map(({ id, text }) => ({ id: `${id}#0`, text })));

  const inSession = await timeSessions(Number(threads));
  const marks: { readonly at: number; readonly session: number }[] = [];
  const parameters = {
    ...{ variant, steps: Number(steps), batchSize: 16, precision: "bfloat16" },
    ...(layers ? { layers: Number(layers) } : {}),
  };
  const started = performance.now();
  let tokenized = 0;
  await finetune.run({
    ...await context({ data, noise, checkpoint }),
    parameters: finetune.parameters.parse(parameters),
    log: () => tokenized ||= performance.now() - started, // the first line says how many texts there are
    progress: () => marks.push({ at: performance.now(), session: inSession() }), // once a step
  });
  const taken = marks.slice(1).map(({ at, session }, index) => {
    const milliseconds = at - marks[index].at;
    return { milliseconds, host: milliseconds - (session - marks[index].session) };
  });
  console.log(JSON.stringify({ tokenized, steps: taken } satisfies Feeding));
}

/**
 * Times all calls of sessions from now on. The function that it returns tells how many milliseconds they have
 * taken.
 */
async function timeSessions(threads: number): Promise<() => number> {
  const tf = await loadTensorFlow({ threads, parts: threads, precision: "bfloat16" });
  // TensorFlow.js calls this method for any loaded model, and its types don't show it.
  const backend = tf.findBackend("tensorflow") as unknown as {
    runSavedModel: (...args: readonly unknown[]) => unknown;
  };
  const run = backend.runSavedModel.bind(backend);
  let milliseconds = 0;
  backend.runSavedModel = (...args) => {
    const started = performance.now();
    const result = run(...args);
    milliseconds += performance.now() - started;
    return result;
  };
  return () => milliseconds;
}
