import { join } from "node:path";
import type { Program } from "../graph/program.ts";
import type { Feed } from "./feeds.ts";
import { loadTensorFlow, type TensorFlow } from "./tensorflow.ts";

type TensorFlowTensor = ReturnType<TensorFlow["scalar"]>;

/** A program loaded into libtensorflow. Whoever runs one of its signatures must give feeds that fit it. */
export interface LoadedModel {
  run(signature: string, feeds: Readonly<Record<string, Feed>>): Readonly<Record<string, unknown>>;
  close(): void;
}

/** Settings for loading a model. */
export interface ModelOptions {
  /** A folder that the model may be written to while it is loaded. */
  readonly scratch: string;
  /** The CPU threads for all operations together. Their number affects the last digits of results. */
  readonly threads: number;
}

const savedModelFile = "saved_model.pb";

/** Loads a program into TensorFlow.js. */
export async function loadModel(
  { savedModel, savedSignatures, precision, signatures, parts }: Program,
  { scratch, threads }: ModelOptions,
): Promise<LoadedModel> {
  const tf = await loadTensorFlow({ threads, parts, precision });
  const [first, ...others] = Object.keys(signatures);
  const loaded = await withSavedModel(savedModel, scratch, async (folder) => {
    const load = (name: string) => tf.node.loadSavedModel(folder, ["serve"], name);
    const models = new Map([[first, await load(first)]]);
    // TensorFlow.js parses the file anew for each signature, 25 MB each time, although the session that they
    // share has the graph from the first. So the others find a file without the graph.
    await Deno.writeFile(join(folder, savedModelFile), savedSignatures);
    for (const name of others) models.set(name, await load(name));
    return models;
  });
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
    close() {
      loaded.forEach((model) => model.dispose());
      loaded.clear(); // so that it may be closed again
    },
  };
}

/** Writes a saved model to a folder below `scratch`, which exists only while `use` reads it. */
export async function withSavedModel<Result>(
  savedModel: Uint8Array,
  scratch: string,
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await Deno.makeTempDir({ dir: scratch, prefix: "model-" });
  try {
    await Deno.writeFile(join(folder, savedModelFile), savedModel);
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
