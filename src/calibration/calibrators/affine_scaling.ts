import type { LabelledLogits } from "../predictions/forecasts.ts";
import { logSoftmax } from "../predictions/softmax.ts";
import { type Fitted, fitted } from "./fitted.ts";
import type { ParametersOf } from "./parameters.ts";
import { divided, largestOf, scaleOf, sizeOf } from "./scale.ts";
import { type LinearScores, oneHot, softmaxRegression } from "./softmax_regression.ts";

/**
 * The strength of the shrinkage of every weight and intercept towards temperature scaling, where features are
 * divided by their size. It is that of a normal prior with standard deviation 1, which is one logit for a
 * feature of usual size. It weighs about as much as one example, so that it decides only where the data
 * don't.
 */
const strength = 1;

type Affine = ParametersOf<"affine">;

const featuresOf: Readonly<Record<Affine["features"], (predictions: LabelledLogits) => Float64Array>> = {
  logits: ({ logits }) => logits,
  "log-probabilities": ({ logits, classes }) => logSoftmax(logits, classes),
};

/** A kind of linear map. */
interface LinearMap {
  of(features: Float64Array, classes: number): LinearScores;
  /** Returns parameters that leave features as they are. */
  identity(classes: number): Float64Array;
}

const maps: Readonly<Record<Affine["map"], LinearMap>> = {
  vector: { of: vectorScores, identity: identityVector },
  matrix: { of: matrixScores, identity: identityMatrix },
};

/** Fits vector scaling (Guo et al. 2017): a weight and an intercept for each class. */
export function fitVectorScaling(dev1: LabelledLogits): Fitted {
  return fitAffine(dev1, "logits", "vector");
}

/**
 * Fits matrix scaling (Guo et al. 2017), with shrinkage of all parameters that it has beyond a temperature.
 */
export function fitMatrixScaling(dev1: LabelledLogits): Fitted {
  return fitAffine(dev1, "logits", "matrix");
}

/** Fits Dirichlet calibration (Kull et al. 2019), which is matrix scaling of log-probabilities. */
export function fitDirichlet(dev1: LabelledLogits): Fitted {
  return fitAffine(dev1, "log-probabilities", "matrix");
}

/**
 * Fits a linear map of features, drawn to temperature scaling. Kull et al. choose the strengths by
 * cross-validation and leave the diagonal free. Here the diagonal is drawn to temperature scaling too. So
 * there is one minimum even with separable data, the scale of the logits doesn't matter, and where a temperature
 * within its bounds is the best, the NLL on dev1 is never above that of temperature scaling, where the search starts.
 */
function fitAffine(dev1: LabelledLogits, features: Affine["features"], map: Affine["map"]): Fitted {
  const { labels, classes } = dev1;
  const { unit, temperature, note } = scaleOf(dev1);
  const size = featureSize(featuresOf[features](divided(dev1, unit)), classes);
  const form = { kind: "affine", features, map, unit, size } as const;
  const centre = maps[map].identity(classes).map((one) => one * size / temperature);
  const values = softmaxRegression(scoresOf(form, dev1), oneHot(labels, classes), { centre, strength });
  return fitted({ ...form, values: [...values] }, `${values.length} parameters`, note);
}

/** Returns the logits that a fitted linear map makes of predictions. [n × classes] */
export function applyAffine(parameters: Affine, predictions: LabelledLogits): Float64Array {
  return scoresOf(parameters, predictions).scores(Float64Array.from(parameters.values));
}

function scoresOf(
  { features, map, unit, size }: Omit<Affine, "values">,
  predictions: LabelledLogits,
): LinearScores {
  const scaled = featuresOf[features](divided(predictions, unit)).map((one) => one / size);
  return maps[map].of(scaled, predictions.classes);
}

/**
 * Returns the size of features. It is no less than a thousandth of the largest feature, or Newton's method
 * couldn't tell weights from intercepts.
 */
function featureSize(features: Float64Array, classes: number): number {
  return Math.max(sizeOf(features, classes), largestOf(features) / 1000) || 1;
}

/** Maps parameters, K weights followed by K intercepts, to logits. */
function vectorScores(features: Float64Array, classes: number): LinearScores {
  return {
    classes,
    scores: (parameters) =>
      features.map((one, at) => parameters[at % classes] * one + parameters[classes + at % classes]),
    adjoint: (weights) => {
      const result = new Float64Array(2 * classes);
      for (let at = 0; at < weights.length; at++) {
        result[at % classes] += weights[at] * features[at];
        result[classes + at % classes] += weights[at];
      }
      return result;
    },
  };
}

/**
 * Maps parameters to logits: for each class that is scored, a weight for each class's feature, and an
 * intercept. [K × (K + 1)]
 */
function matrixScores(features: Float64Array, classes: number): LinearScores {
  const width = classes + 1;
  return {
    classes,
    scores: (parameters) => {
      const result = new Float64Array(features.length);
      for (let at = 0; at < features.length; at++) {
        const [row, start] = [at % classes * width, at - at % classes];
        let score = parameters[row + classes];
        for (let c = 0; c < classes; c++) score += parameters[row + c] * features[start + c];
        result[at] = score;
      }
      return result;
    },
    adjoint: (weights) => {
      const result = new Float64Array(classes * width);
      for (let at = 0; at < weights.length; at++) {
        const [row, start] = [at % classes * width, at - at % classes];
        for (let c = 0; c < classes; c++) result[row + c] += weights[at] * features[start + c];
        result[row + classes] += weights[at];
      }
      return result;
    },
  };
}

function identityVector(classes: number): Float64Array {
  return Float64Array.from({ length: 2 * classes }, (_, at) => +(at < classes));
}

function identityMatrix(classes: number): Float64Array {
  const width = classes + 1;
  return Float64Array.from({ length: classes * width }, (_, at) => +(at % width === Math.floor(at / width)));
}
