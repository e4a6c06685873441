import { type DataType, toBfloat16 } from "./data_type.ts";
import { type Attribute, encodeNode } from "./node.ts";
import type { NodeDef } from "./saved_model_pb.ts";
import { weightOf, type Weights } from "./weights.ts";

/**
 * A dimension is a number known when the graph is built, or a size that each run decides, such as the number
 * of tokens in a batch.
 */
export type Dimension = number | DynamicDimension;

/** A size that each run decides. Two dimensions with the same label must have the same size in a run. */
export interface DynamicDimension {
  readonly label: string;
  /** The size as an int32 scalar of the graph. */
  readonly size: Tensor;
}

/** The dimensions of a tensor, from the outermost axis to the innermost. */
export type Shape = readonly Dimension[];

/** A value that the graph will compute: it has a type and a shape, but no numbers until a session runs. */
export interface Tensor {
  readonly graph: Graph;
  /** `node:output`, which is how TensorFlow names it. */
  readonly reference: string;
  readonly dtype: DataType;
  readonly shape: Shape;
  readonly source: Operation;
}

/** One node of the graph, with what reverse-mode differentiation needs to know about it. */
export interface Operation {
  readonly name: string;
  /** The kind of operation by TensorFlow's name, such as `MatMul`. */
  readonly type: string;
  /** Position in the order of creation. Inputs always come before the operations that use them. */
  readonly order: number;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly gradient: Gradient | undefined;
}

/**
 * Turns the gradient of a loss with respect to an operation's first output into those with respect to its
 * inputs, in the order of the inputs; undefined stands for an input without one. Each is a function, so that
 * a gradient that nobody asks for adds nothing to the graph.
 */
export type Gradient = (upstream: Tensor) => readonly ((() => Tensor) | undefined)[];

/** The outputs of an operation, and further details that it may have. */
export interface OperationOptions {
  readonly name?: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly outputs?: readonly { readonly dtype: DataType; readonly shape: Shape }[];
  readonly gradient?: Gradient | undefined;
  /** Operations that must have run before this one, although it takes no value from them. */
  readonly after?: readonly Operation[];
}

/**
 * A variable lives in the session. `handle` refers to it, and `value` is what it holds at the start of a run.
 */
export interface Variable {
  readonly name: string;
  readonly shape: readonly number[];
  readonly handle: Tensor;
  readonly value: Tensor;
}

/**
 * The type that matrix products compute in. Values that only pass from one product to the next have it too;
 * everything else, and every sum, is float32.
 */
export type Precision = "float32" | "bfloat16";

/**
 * A TensorFlow graph under construction. Nodes are added in the order of the calls, which also decides their
 * names.
 */
export class Graph {
  readonly nodes: NodeDef[] = [];
  readonly variables = new Map<string, Variable>();
  readonly #constants = new Map<string, Tensor>();
  readonly #dimensions = new Map<string, Dimension>();
  readonly #memory = new Map<string, Tensor>();

  constructor(readonly precision: Precision = "float32") {}

  /** Adds a node. `type` and the attributes have TensorFlow's names. */
  operation(type: string, inputs: readonly Tensor[], options: OperationOptions = {}): Operation {
    const name = options.name ?? `${type}_${this.nodes.length}`;
    const outputs: Tensor[] = [];
    const operation: Operation = {
      name,
      type,
      order: this.nodes.length,
      inputs,
      outputs,
      gradient: options.gradient,
    };
    for (const [index, { dtype, shape }] of (options.outputs ?? []).entries()) {
      outputs.push({ graph: this, reference: `${name}:${index}`, dtype, shape, source: operation });
    }
    const controls = (options.after ?? []).map((before) => `^${before.name}`);
    const input = [...inputs.map((tensor) => tensor.reference.replace(/:0$/, "")), ...controls];
    this.nodes.push(encodeNode(type, name, input, options.attributes));
    return operation;
  }

  /**
   * Adds a constant of the given shape, which is by default a scalar for a number and a vector for a list.
   * Equal constants share one node.
   */
  constant(
    value: number | readonly number[],
    dtype: "float32" | "int32" = "float32",
    shape?: readonly number[],
  ): Tensor {
    const numbers = typeof value === "number" ? [value] : value;
    const dimensions = shape ?? (typeof value === "number" ? [] : [numbers.length]);
    const values = dtype === "float32" ? Float32Array.from(numbers) : Int32Array.from(numbers);
    const key = `${dtype} ${dimensions} ${numbers}`;
    return remember(this.#constants, key, () =>
      this.operation("Const", [], {
        attributes: { dtype, value: { values, shape: dimensions } },
        outputs: [{ dtype, shape: dimensions }],
      }).outputs[0]);
  }

  /**
   * Adds a value that each run is fed. A dimension given as a word is dynamic: the first placeholder that has
   * it decides its size, and all others with the same word must be fed the same size.
   */
  placeholder(name: string, dtype: "float32" | "int32", shape: readonly (number | string)[]): Tensor {
    const outputShape: Dimension[] = [];
    const sizes = shape.map((dimension) => typeof dimension === "number" ? dimension : -1);
    const { outputs: [tensor] } = this.operation("Placeholder", [], {
      name,
      attributes: { dtype, shape: { shape: sizes } },
      outputs: [{ dtype, shape: outputShape }],
    });
    for (const [axis, dimension] of shape.entries()) {
      outputShape.push(typeof dimension === "number" ? dimension : this.#dimension(dimension, tensor, axis));
    }
    return tensor;
  }

  #dimension(label: string, tensor: Tensor, axis: number): Dimension {
    return remember(this.#dimensions, label, () => {
      const shape = this.operation("Shape", [tensor], {
        attributes: { T: tensor.dtype, out_type: "int32" },
        outputs: [{ dtype: "int32", shape: [tensor.shape.length] }],
      }).outputs[0];
      const bounds = [axis, axis + 1, 1].map((index) => this.constant([index], "int32"));
      const size = this.operation("StridedSlice", [shape, ...bounds], {
        attributes: { T: "int32", Index: "int32", shrink_axis_mask: 1 },
        outputs: [{ dtype: "int32", shape: [] }],
      }).outputs[0];
      return { label, size };
    });
  }

  /**
   * Returns the float32 variable of this name, adding it when it is asked for the first time. Throws where it
   * is there with another shape.
   */
  variable(name: string, shape: readonly number[]): Variable {
    const known = this.variables.get(name);
    if (known) {
      if (`${known.shape}` === `${shape}`) return known;
      throw new Error(`variable ${name} has shape [${known.shape}], not [${shape}]`);
    }
    const handle = this.operation("VarHandleOp", [], {
      name: `variable/${name}`,
      attributes: { dtype: "float32", shape: { shape }, shared_name: { text: name } },
      outputs: [{ dtype: "resource", shape: [] }],
    }).outputs[0];
    const value = this.read(handle, shape);
    const variable = { name, shape, handle, value };
    this.variables.set(name, variable);
    return variable;
  }

  /** Reads a variable as it is before anything in the run has changed it. */
  read(handle: Tensor, shape: Shape, dtype: DataType = "float32"): Tensor {
    return this.operation("ReadVariableOp", [handle], { attributes: { dtype }, outputs: [{ dtype, shape }] })
      .outputs[0];
  }

  /**
   * Turns the weights that are cast to bfloat16 for products into constants, because TensorFlow lays out
   * constants for its fastest products once instead of in each run. Returns the variables that are still
   * read. Throws where a weight is missing or has another shape.
   */
  freeze(weights: Weights): readonly Variable[] {
    const variables = [...this.variables.values()];
    const byReading = new Map(variables.map((variable) => [variable.value.source.name, variable]));
    for (const [index, { op, name, input: [of] }] of this.nodes.entries()) {
      const variable = op === "Cast" && byReading.get(of);
      if (!variable) continue;
      const value = { values: toBfloat16(weightOf(weights, variable)), shape: variable.shape };
      this.nodes[index] = encodeNode("Const", name, [], { dtype: "bfloat16", value });
    }
    const read = new Set(this.nodes.flatMap(({ input }) => input));
    return variables.filter(({ value }) => read.has(value.source.name));
  }

  /**
   * Builds a tensor once for each key. Casts and shapes, which many operations want, thus have one node each.
   */
  once(key: string, build: () => Tensor): Tensor {
    return remember(this.#memory, key, build);
  }
}

/**
 * Gives the value y a gradient with respect to `inputs` that is written by hand, in place of the one that
 * follows from the nodes that y is made of.
 */
export function withGradient(y: Tensor, inputs: readonly Tensor[], gradient: Gradient): Tensor {
  const outputs: Tensor[] = [];
  const result = { ...y, source: { ...y.source, inputs, outputs, gradient } };
  outputs.push(result);
  return result;
}

function remember<Value>(memory: Map<string, Value>, key: string, build: () => Value): Value {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const value = build();
  memory.set(key, value);
  return value;
}
