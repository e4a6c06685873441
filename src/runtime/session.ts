import { join } from "node:path";
import type { Tensor } from "../graph/graph.ts";
import type { Program, Signature } from "../graph/program.ts";
import { describeShape } from "../graph/shape.ts";
import { loadTensorFlow, type TensorFlow } from "./tensorflow.ts";

type TensorFlowTensor = ReturnType<TensorFlow["scalar"]>;

/** Numbers for a placeholder: a scalar, or values in row-major order with their shape. */
export type Feed = number | { readonly values: Float32Array | Int32Array; readonly shape: readonly number[] };

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
}

/** Loads a program. Variables hold nothing until a signature assigns them. */
export async function openSession<Name extends string>(
  program: Program<Name>,
  { scratch, threads }: SessionOptions,
): Promise<Session<Name>> {
  const tf = await loadTensorFlow({ threads });
  const folder = await Deno.makeTempDir({ dir: scratch, prefix: "model-" });
  await Deno.writeFile(join(folder, "saved_model.pb"), program.savedModel);
  const names = Object.keys(program.signatures) as Name[];
  const loaded = new Map(
    await Promise.all(
      names.map(async (name) => [name, await tf.node.loadSavedModel(folder, ["serve"], name)] as const),
    ),
  );
  await Deno.remove(folder, { recursive: true });

  function run(name: Name, feeds: Readonly<Record<string, Feed>> = {}): Fetched {
    const signature = program.signatures[name];
    checkFeeds(name, signature, feeds);
    const values: Record<string, unknown> = {};
    tf.tidy(() => {
      const tensors: Record<string, TensorFlowTensor> = {};
      for (const [input, feed] of Object.entries(feeds)) {
        const dtype = signature.inputs[input].dtype as "float32" | "int32";
        tensors[input] = typeof feed === "number"
          ? tf.scalar(feed, dtype)
          : tf.tensor(feed.values, [...feed.shape], dtype);
      }
      const outputs = loaded.get(name)!.predict(tensors) as Record<string, TensorFlowTensor>;
      for (const [output, tensor] of Object.entries(outputs)) values[output] = tensor.dataSync();
    });
    return fetched(name, values);
  }
  return { run, close: () => loaded.forEach((model) => model.dispose()) };
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

// TensorFlow.js accepts a feed of the wrong rank and reads beyond it, so what is fed is checked here.
function checkFeeds(name: string, signature: Signature, feeds: Readonly<Record<string, Feed>>): void {
  const expected = Object.keys(signature.inputs).sort().join(", ");
  const given = Object.keys(feeds).sort().join(", ");
  if (expected !== given) throw new Error(`${name} takes the feeds ${expected}; given: ${given}`);
  const sizes = new Map<string, number>();
  for (const [input, tensor] of Object.entries(signature.inputs)) {
    const shape = fedShape(feeds[input], tensor);
    const fits = shape?.length === tensor.shape.length && tensor.shape.every((dimension, axis) => {
      if (typeof dimension === "number") return dimension === shape[axis];
      const size = sizes.get(dimension.label) ?? shape[axis];
      sizes.set(dimension.label, size);
      return size === shape[axis];
    });
    if (fits) continue;
    const wanted = `${tensor.dtype} ${describeShape(tensor.shape)}`;
    throw new Error(
      `${name}: "${input}" takes ${wanted} (${JSON.stringify(Object.fromEntries(sizes))}); given: [${shape}]`,
    );
  }
}

/** The shape of a feed; undefined where its type isn't the placeholder's or its values don't fill its shape. */
function fedShape(feed: Feed, { dtype }: Tensor): readonly number[] | undefined {
  if (typeof feed === "number") return [];
  const length = feed.shape.reduce((product, size) => product * size, 1);
  const typed = dtype === "float32" ? feed.values instanceof Float32Array : feed.values instanceof Int32Array;
  return typed && length === feed.values.length ? feed.shape : undefined;
}
