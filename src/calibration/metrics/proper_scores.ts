import { type Forecasts, forecastsFromLogits } from "../predictions/forecasts.ts";
import { mean } from "../../statistics.ts";

/** Returns the mean negative log-likelihood of the true classes, in nats, from logits. [n × classes] */
export function negativeLogLikelihood(logits: Float64Array, labels: Int32Array, classes: number): number {
  return mean(forecastsFromLogits({ logits, labels, classes }).losses);
}

/** Returns each example's Brier score (1950): its squared distance summed over classes, from 0 to 2. [n] */
export function brierScores({ probabilities, labels, classes }: Forecasts): Float64Array {
  const scores = new Float64Array(labels.length);
  for (let i = 0; i < labels.length; i++) {
    for (let c = 0; c < classes; c++) {
      scores[i] += (probabilities[i * classes + c] - (labels[i] === c ? 1 : 0)) ** 2;
    }
  }
  return scores;
}
