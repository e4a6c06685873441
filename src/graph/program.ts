import { create, toBinary } from "@bufbuild/protobuf";
import { protoDataTypes } from "./data_type.ts";
import type { Graph, Operation, Precision, Tensor, Variable } from "./graph.ts";
import {
  SavedModelSchema,
  type SignatureDef,
  SignatureDefSchema,
  type TensorInfo,
  TensorInfoSchema,
} from "./saved_model_pb.ts";
import { weightOf, type Weights } from "./weights.ts";

/**
 * One way to run a graph: what is fed, what is fetched, and what else is to happen, such as updates of
 * variables.
 */
export interface Signature {
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly updates?: readonly Operation[];
}

/** A graph with its signatures, ready to be run: the model as data. */
export interface Program<Name extends string = string> {
  readonly savedModel: Uint8Array;
  /** The saved model without its graph, from which signatures are read once the graph is loaded. */
  readonly savedSignatures: Uint8Array;
  readonly precision: Precision;
  /** The number of parts of the program that can be computed side by side from start to end. */
  readonly parts: number;
  readonly signatures: Readonly<Record<Name, Signature>>;
  /** The first values of a session's variables, which are fed to the signature `assign`. */
  readonly initial?: Readonly<
    Record<string, { readonly values: Float32Array; readonly shape: readonly number[] }>
  >;
}

// TensorFlow 2.21 writes this version of GraphDef.
const graphDefVersion = 1882;

/** Writes a graph as a SavedModel whose signatures share one session, and so its variables. */
export function compile<Name extends string>(
  graph: Graph,
  signatures: Readonly<Record<Name, Signature>>,
  parts = 1,
): Program<Name> {
  const signatureDef: Record<string, SignatureDef> = {};
  for (const [name, signature] of Object.entries<Signature>(signatures)) {
    signatureDef[name] = describe(graph, signature);
  }
  const save = (node: Graph["nodes"]) =>
    toBinary(
      SavedModelSchema,
      create(SavedModelSchema, {
        savedModelSchemaVersion: 1n,
        metaGraphs: [{
          metaInfoDef: { tags: ["serve"] },
          graphDef: { node, versions: { producer: graphDefVersion } },
          signatureDef,
        }],
      }),
    );
  return {
    savedModel: save(graph.nodes),
    savedSignatures: save([]),
    precision: graph.precision,
    parts,
    signatures,
  };
}

/**
 * Writes a graph together with the weights of all its variables, for a model that is already trained. Throws
 * where a weight is missing or has another shape.
 */
export function compileTrained<Name extends string>(
  graph: Graph,
  weights: Weights,
  signatures: Readonly<Record<Name, Signature>>,
  parts = 1,
): Program<Name> {
  const variables = graph.freeze(weights);
  // No copy is needed: the memory that is fed stays in `initial`, and nothing updates trained weights.
  const assigning = assignments(graph, variables, { copy: false });
  const program = compile(graph, { ...signatures, assign: assigning }, parts);
  const initial = Object.fromEntries(variables.map((variable) => {
    const { name, shape } = variable;
    return [name, { values: weightOf(weights, variable), shape }];
  }));
  return { ...program, initial };
}

/**
 * Returns the signature that sets variables to the values it is fed by their names. Without `copy` a variable
 * may use the very memory that is fed, since TensorFlow.js hands it over as it is; nothing may then write to
 * that memory or free it as long as the session lives.
 */
export function assignments(graph: Graph, variables: Iterable<Variable>, { copy = true } = {}): Signature {
  const inputs: Record<string, Tensor> = {};
  const updates: Operation[] = [];
  for (const { name, shape, handle } of variables) {
    inputs[name] = graph.placeholder(`assign/${name}`, "float32", shape);
    updates.push(assign(handle, copy ? copied(inputs[name]) : inputs[name]));
  }
  return { inputs, outputs: { done: graph.constant(1) }, updates };
}

function copied(tensor: Tensor): Tensor {
  return tensor.graph.operation("DeepCopy", [tensor], { attributes: { T: tensor.dtype }, outputs: [tensor] })
    .outputs[0];
}

/**
 * Returns the signature that sets variables to zero. It uses Empty because TensorFlow would turn a Fill with
 * zeros into constants, which would lie in memory for as long as the session does.
 */
export function zeroing(graph: Graph, variables: Iterable<Variable>): Signature {
  const updates = Array.from(variables, ({ handle, shape }) => {
    const { outputs: [zeros] } = graph.operation("Empty", [graph.constant(shape, "int32", [shape.length])], {
      attributes: { dtype: "float32", init: true },
      outputs: [{ dtype: "float32", shape }],
    });
    return assign(handle, zeros);
  });
  return { inputs: {}, outputs: { done: graph.constant(1) }, updates };
}

/** Returns the signature that reads variables by their names. */
export function readings(variables: Iterable<Variable>): Signature {
  return {
    inputs: {},
    outputs: Object.fromEntries(Array.from(variables, ({ name, value }) => [name, value])),
  };
}

/** Sets a variable to a value, whose shape may differ from run to run. */
export function assign(handle: Tensor, value: Tensor): Operation {
  return handle.graph.operation("AssignVariableOp", [handle, value], {
    attributes: { dtype: value.dtype, validate_shape: false },
  });
}

/**
 * Makes a variable give up its value, so that an operation that runs `after` this one can write its result
 * into the value's memory, if nothing else holds it. Whatever else reads the value must have run before, and
 * `assign` must give the variable a new value.
 */
export function release(handle: Tensor, value: Tensor, before: readonly Operation[] = []): Operation {
  return handle.graph.operation("DestroyResourceOp", [handle], {
    attributes: { ignore_lookup_error: false },
    after: [value.source, ...before],
  });
}

function describe(graph: Graph, { inputs, outputs, updates = [] }: Signature): SignatureDef {
  // Updates are not fetched, so the outputs wait for them.
  const fetched = Object.entries(outputs).map(([name, tensor]) =>
    [name, afterUpdates(graph, tensor, updates)] as const
  );
  return create(SignatureDefSchema, {
    methodName: "tensorflow/serving/predict",
    inputs: describeTensors(Object.entries(inputs)),
    outputs: describeTensors(fetched),
  });
}

function afterUpdates(graph: Graph, tensor: Tensor, updates: readonly Operation[]): Tensor {
  return graph.operation("Identity", [tensor], {
    attributes: { T: tensor.dtype },
    outputs: [tensor],
    after: updates,
  })
    .outputs[0];
}

function describeTensors(tensors: readonly (readonly [string, Tensor])[]): Record<string, TensorInfo> {
  return Object.fromEntries(tensors.map(([name, { reference, dtype }]) => [
    name,
    // TensorFlow.js reads the shape without checking that there is one.
    create(TensorInfoSchema, {
      name: reference,
      dtype: protoDataTypes[dtype],
      tensorShape: { unknownRank: true },
    }),
  ]));
}
