import type { LabelledLogits } from "../predictions/forecasts.ts";
import { logSoftmax } from "../predictions/softmax.ts";
import { type Fitted, fitted } from "./fitted.ts";
import { type LinearScores, oneHot, softmaxRegression } from "./softmax_regression.ts";
import { centralTemperature } from "./temperature_scaling.ts";

/**
 * What every weight's and intercept's squared distance from temperature scaling costs, with features divided by their
 * size: as much as a normal prior of standard deviation 1 about it, a logit for a feature of usual size. That is
 * worth about one example, so it decides where the data don't.
 */
const strength = 1;

type Features = (predictions: LabelledLogits) => Float64Array;
const logits: Features = (predictions) => predictions.logits;
const logProbabilities: Features = (predictions) => logSoftmax(predictions.logits, predictions.classes);

/** Vector scaling (Guo et al. 2017): of each class a weight and an intercept. */
export function fitVectorScaling(dev1: LabelledLogits): Fitted {
  const identity = (classes: number) =>
    Float64Array.from({ length: 2 * classes }, (_, at) => +(at < classes));
  return fitAffine(dev1, logits, vectorScores, identity);
}

/** Matrix scaling (Guo et al. 2017), with shrinkage of all that it has beyond a temperature. */
export function fitMatrixScaling(dev1: LabelledLogits): Fitted {
  return fitAffine(dev1, logits, matrixScores, identityMatrix);
}

/** Dirichlet calibration (Kull et al. 2019): matrix scaling of log-probabilities. */
export function fitDirichlet(dev1: LabelledLogits): Fitted {
  return fitAffine(dev1, logProbabilities, matrixScores, identityMatrix);
}

/**
 * Kull et al. choose the strengths by cross-validation and leave the diagonal free. Here the diagonal is drawn to
 * temperature scaling too: then there is one minimum even of separable data, it doesn't change with the scale
 * of the logits, and its NLL on dev1 is never above the temperature's, from which the search starts at no cost.
 */
function fitAffine(
  dev1: LabelledLogits,
  featuresOf: Features,
  mapOf: (features: Float64Array, classes: number) => LinearScores,
  identity: (classes: number) => Float64Array,
): Fitted {
  const { labels, classes } = dev1;
  const { value: temperature, note } = centralTemperature(dev1);
  const size = sizeOf(featuresOf(dev1), classes);
  const map = (predictions: LabelledLogits) =>
    mapOf(featuresOf(predictions).map((one) => one / size), predictions.classes);
  const shrinkage = { centre: identity(classes).map((one) => one * size / temperature), strength };
  const parameters = softmaxRegression(map(dev1), oneHot(labels, classes), shrinkage);
  const summary = `${parameters.length} parameters`;
  return fitted((predictions) => map(predictions).scores(parameters), summary, note);
}

/**
 * Root mean square of what features differ by from the mean of their row: what is equal in a row says nothing. But no
 * less than a thousandth of the largest, or Newton's method can't tell weights from intercepts.
 */
function sizeOf(features: Float64Array, classes: number): number {
  let total = 0;
  for (let start = 0; start < features.length; start += classes) {
    const row = features.subarray(start, start + classes);
    const mean = row.reduce((sum, one) => sum + one / classes, 0);
    for (const one of row) total += (one - mean) ** 2;
  }
  const largest = features.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  return Math.max(Math.sqrt(total / features.length), largest / 1000) || 1;
}

/** Parameters: K weights, then K intercepts. */
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

/** Parameters: for each class that is scored K weights, of each class's feature, and an intercept. [K × (K + 1)] */
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

function identityMatrix(classes: number): Float64Array {
  const width = classes + 1;
  return Float64Array.from({ length: classes * width }, (_, at) => +(at % width === Math.floor(at / width)));
}
