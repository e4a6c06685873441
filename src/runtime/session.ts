import { join } from "node:path";
import type { Program } from "../graph/program.ts";
import { checkFeeds, type Feed } from "./feeds.ts";
import { loadTensorFlow, type TensorFlow } from "./tensorflow.ts";

type TensorFlowTensor = ReturnType<TensorFlow["scalar"]>;

export type { Feed } from "./feeds.ts";

/** What a run fetched, by output name; each call gives the numbers in row-major order. */
export interface Fetched {
  floats(name: string): Float32Array;
  integers(name: string): Int32Array;
}

/** A program loaded into libtensorflow; its variables live until it is closed. */
export interface Session<Name extends string> {
  /** Runs one signature. Blocks the thread for as long as it takes. Throws where the feeds don't fit the signature. */
  run(signature: Name, feeds?: Readonly<Record<string, Feed>>): Fetched;
  close(): void;
}

export interface SessionOptions {
  /** A folder that the model may be written to while it is loaded. */
  readonly scratch: string;
  /** CPU threads for all operations together. The count enters the results' last digits. */
  readonly threads: number;
  /** A folder to write to, when the session is closed, where its time went; what is fetched stays the same. */
  readonly profile?: string;
}

/** A program's signatures as something that runs them, with feeds that fit. */
export interface LoadedModel {
  run(signature: string, feeds: Readonly<Record<string, Feed>>): Readonly<Record<string, unknown>>;
  close(): void;
}

const savedModelFile = "saved_model.pb";

/** Loads a program. Variables hold nothing until a signature assigns them, but for what the program has of its own. */
export async function openSession<Name extends string>(
  program: Program<Name>,
  options: SessionOptions,
): Promise<Session<Name>> {
  const folder = await Deno.makeTempDir({ dir: options.scratch, prefix: "model-" });
  await Deno.writeFile(join(folder, savedModelFile), program.savedModel);
  const model = await loadModel(folder, program, options);
  await Deno.remove(folder, { recursive: true });
  if (program.initial) model.run("assign", program.initial);
  return {
    run(name, feeds = {}) {
      checkFeeds(name, program.signatures[name], feeds);
      return fetched(name, model.run(name, feeds));
    },
    close: model.close,
  };
}

async function loadModel(folder: string, program: Program, options: SessionOptions): Promise<LoadedModel> {
  if (options.profile === undefined) return await loadIntoTensorFlowJs(folder, program, options.threads);
  const { loadProfiledModel } = await import("./profile/profiled_model.ts");
  return await loadProfiledModel(folder, program, { ...options, profile: options.profile });
}

async function loadIntoTensorFlowJs(
  folder: string,
  { signatures, savedSignatures, parts }: Program,
  threads: number,
): Promise<LoadedModel> {
  const tf = await loadTensorFlow({ threads, parts });
  const load = (name: string) => tf.node.loadSavedModel(folder, ["serve"], name);
  const [first, ...others] = Object.keys(signatures);
  const loaded = new Map([[first, await load(first)]]);
  // TensorFlow.js parses the file anew for each signature, though the session has the graph from the first: 25 MB each time.
  await Deno.writeFile(join(folder, savedModelFile), savedSignatures);
  for (const name of others) loaded.set(name, await load(name));
  return {
    run(name, feeds) {
      const values: Record<string, unknown> = {};
      tf.tidy(() => {
        const tensors: Record<string, TensorFlowTensor> = {};
        for (const [input, feed] of Object.entries(feeds)) {
          const dtype = signatures[name].inputs[input].dtype as "float32" | "int32";
          tensors[input] = typeof feed === "number"
            ? tf.scalar(feed, dtype)
            : tf.tensor(feed.values, [...feed.shape], dtype);
        }
        const outputs = loaded.get(name)!.predict(tensors) as Record<string, TensorFlowTensor>;
        for (const [output, tensor] of Object.entries(outputs)) values[output] = tensor.dataSync();
      });
      return values;
    },
    close: () => loaded.forEach((model) => model.dispose()),
  };
}

function fetched(signature: string, values: Readonly<Record<string, unknown>>): Fetched {
  return {
    floats(name) {
      const found = values[name];
      if (found instanceof Float32Array) return found;
      throw new Error(`${signature} fetches no float32 output "${name}"`);
    },
    integers(name) {
      const found = values[name];
      if (found instanceof Int32Array) return found;
      throw new Error(`${signature} fetches no int32 output "${name}"`);
    },
  };
}
