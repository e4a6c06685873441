import type { LabelledLogits } from "../predictions/forecasts.ts";
import { logSoftmax } from "../predictions/softmax.ts";
import { type Fitted, fitted, shown } from "./fitted.ts";
import { applyBeta, applyPlatt } from "./logistic_calibration.ts";
import { logProbability, type OneClass, type OneClassFit } from "./one_class.ts";
import type { OneClassParameters, ParametersOf } from "./parameters.ts";
import { divided, scaleOf } from "./scale.ts";
import { applyHistogram, applyIsotonic, applyPlattBinner } from "./step_calibration.ts";

/**
 * Calibrates each class against the rest and divides the probabilities by their sum (Zadrozny and Elkan
 * 2002). Logits of an extreme size are divided first (see {@link scaleOf}). With two classes only class 1 is
 * fitted, and class 0 gets the rest. Where every class gets 0, all are equal.
 */
export function fitOneVersusRest(dev1: LabelledLogits, fit: (one: OneClass) => OneClassFit): Fitted {
  const { labels, classes } = dev1;
  const { unit } = scaleOf(dev1);
  const scaled = divided(dev1, unit);
  const fittedClasses = classesFitted(classes);
  const fits = fittedClasses.map((c) =>
    fit({ logOdds: logOddsOf(scaled, c), outcomes: Float64Array.from(labels, (label) => +(label === c)) })
  );
  const summary = classes === 2 ? fits[0].summary : `${classes} fits, of each class against the rest`;
  const ofUnit = unit === 1 ? summary : `${summary}, of logits / ${shown(unit)}`;
  const parameters = {
    kind: "one-versus-rest",
    unit,
    fits: fits.map(({ parameters }) => parameters),
  } as const;
  return fitted(parameters, ofUnit, ...notesOf(fits, fittedClasses));
}

/** Returns the logits that one fit for each class makes of predictions. [n × classes] */
export function applyOneVersusRest(
  { unit, fits }: ParametersOf<"one-versus-rest">,
  predictions: LabelledLogits,
): Float64Array {
  const given = divided(predictions, unit);
  const classes = classesFitted(predictions.classes);
  const columns = fits.map((fit, index) =>
    logOddsOf(given, classes[index]).map((one) => applyOneClass(fit, one))
  );
  return predictions.classes === 2 ? twoClasses(columns[0]) : normalised(columns);
}

/** Returns the calibrated log-odds of one class; ±∞ where the method is certain. */
function applyOneClass(fit: OneClassParameters, logOdds: number): number {
  switch (fit.kind) {
    case "platt":
      return applyPlatt(fit, logOdds);
    case "beta":
      return applyBeta(fit, logOdds);
    case "isotonic":
      return applyIsotonic(fit, logOdds);
    case "histogram":
      return applyHistogram(fit, logOdds);
    case "platt-binner":
      return applyPlattBinner(fit, logOdds);
  }
}

/** Returns the classes that have fits of their own. */
function classesFitted(classes: number): readonly number[] {
  return classes === 2 ? [1] : Array.from({ length: classes }, (_, c) => c);
}

/** Returns each note once; where several classes were fitted, it says which classes it is about. */
function notesOf(fits: readonly OneClassFit[], classes: readonly number[]): readonly string[] {
  const texts = new Set(fits.flatMap(({ note }) => note ?? []));
  return Array.from(texts, (text) => {
    const about = classes.filter((_, index) => fits[index].note === text);
    return classes.length === 1 ? text : `class ${about.join(", ")}: ${text}`;
  });
}

/** Returns the log-odds of a class: its logit minus the logsumexp of the others. [n] */
function logOddsOf({ logits, classes, labels }: LabelledLogits, c: number): Float64Array {
  return Float64Array.from(labels, (_, i) => {
    const others = logits.subarray(i * classes, (i + 1) * classes).filter((_, at) => at !== c);
    const largest = others.reduce((a, b) => Math.max(a, b));
    const total = others.reduce((sum, one) => sum + Math.exp(one - largest), 0);
    return logits[i * classes + c] - largest - Math.log(total);
  });
}

/** Returns the logits of two classes, from the log-odds of class 1. [n] → [n × 2] */
function twoClasses(logOdds: Float64Array): Float64Array {
  const result = new Float64Array(2 * logOdds.length);
  logOdds.forEach((one, i) => {
    result[2 * i] = logProbability(-one);
    result[2 * i + 1] = logProbability(one);
  });
  return result;
}

/**
 * Returns logits whose probabilities are those of the columns, divided by their sum. [n] each → [n × classes]
 */
function normalised(columns: readonly Float64Array[]): Float64Array {
  const classes = columns.length;
  const logs = new Float64Array(classes * columns[0].length);
  for (let i = 0; i < columns[0].length; i++) {
    const none = columns.every((column) => column[i] === -Infinity);
    for (let c = 0; c < classes; c++) logs[i * classes + c] = none ? 0 : logProbability(columns[c][i]);
  }
  return logSoftmax(logs, classes);
}
