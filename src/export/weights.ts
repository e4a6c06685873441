import { hasScalarHead } from "../ebm/classifier/variant.ts";
import type { ClassifierShape } from "../ebm/classifier/program.ts";
import { Graph } from "../graph/graph.ts";
import { type Checkpoint, initialValues, type Weight } from "../nn/checkpoint.ts";
import { encodeFirstTokens, head } from "../nn/classifier.ts";
import { keep } from "../nn/layers.ts";
import { packedInputs } from "../nn/packing.ts";
import type { LibraryClassifier } from "./family.ts";

/** A classifier's weights as transformers names them. */
export interface ExportedWeights {
  readonly model: ReadonlyMap<string, Weight>;
  /** The head that gives E(x), of which transformers knows nothing; undefined where there is none. */
  readonly energyHead: ReadonlyMap<string, Weight> | undefined;
}

/**
 * Names a classifier's weights as transformers does, and leaves out all that its classifier doesn't have. The
 * last layer is divided by the temperature, so that the softmax of its logits is calibrated. Throws
 * InputError where the checkpoint lacks a weight.
 *
 * @param temperature 1 leaves the logits as they are
 */
export function exportedWeights(
  shape: ClassifierShape,
  checkpoint: Checkpoint,
  { prefix, output }: LibraryClassifier,
  temperature: number,
): ExportedWeights {
  const [model, energyHead] = [new Map<string, Weight>(), new Map<string, Weight>()];
  // E(x) = −g(h(x)) becomes a plain head, too, where the sign is part of its last layer.
  const sign = shape.variant === "negated-scalar" ? -1 : 1;
  for (const [name, weight] of weightsOf(shape, checkpoint)) {
    if (name.startsWith("energy.")) {
      energyHead.set(
        name.replace("energy.", ""),
        name.startsWith("energy.out_proj.") ? divided(weight, sign) : weight,
      );
    } else if (name.startsWith(`${output}.`)) model.set(name, divided(weight, temperature));
    else model.set(/^(pre_)?classifier\./.test(name) ? name : `${prefix}${name}`, weight);
  }
  return { model, energyHead: energyHead.size > 0 ? energyHead : undefined };
}

/** Returns the weights that the classifier uses, by the names that they have here. */
function weightsOf(
  { config, variant, classes }: ClassifierShape,
  checkpoint: Checkpoint,
): ReadonlyMap<string, Weight> {
  const graph = new Graph("float32");
  const state = encodeFirstTokens(graph, config, packedInputs(graph), keep);
  head(graph, config, state, "classifier", classes, keep);
  if (hasScalarHead(variant)) head(graph, config, state, "energy", 1, keep);
  return initialValues(graph.variables.values(), checkpoint);
}

function divided({ shape, data }: Weight, divisor: number): Weight {
  return { shape, data: data.map((value) => value / divisor) };
}
