import { calibrationError } from "../metrics/calibration_error.ts";
import { forecastsFromLogits, type LabelledLogits } from "../predictions/forecasts.ts";
import { applyTemperature, fitTemperature, type Temperature, temperatureBounds } from "./temperature.ts";
import { topLabel } from "../metrics/top_label.ts";
import { type Fitted, fitted, shown } from "./fitted.ts";

/** Temperature scaling by NLL (Guo et al. 2017). */
export function fitTemperatureScaling(dev1: LabelledLogits): Fitted {
  return scaling(fitTemperature(dev1), "the temperature is at a bound of the search");
}

/** 13 temperatures from 0.1 to 3.0, equally far apart: nearest to 1 first, so that equal errors change least. */
const grid = Array.from({ length: 13 }, (_, index) => 0.1 + index * 2.9 / 12)
  .sort((a, b) => Math.abs(Math.log(a)) - Math.abs(Math.log(b)));

/** The paper's temperature scaling (method.md §4): the point of a grid with the least ECE, of 20 bins of the top label. */
export function fitTemperatureGrid(dev1: LabelledLogits): Fitted {
  let [best, least] = [1, Infinity];
  for (const temperature of grid) {
    const { probabilities, labels, classes } = forecastsFromLogits(applyTemperature(dev1, temperature));
    const { confidences, correct } = topLabel(probabilities, labels, classes);
    const error = calibrationError(confidences, correct);
    if (error < least) [best, least] = [temperature, error];
  }
  const atBound = best === Math.min(...grid) || best === Math.max(...grid);
  return scaling({ value: best, atBound }, "the temperature is at an end of the grid");
}

function scaling(temperature: Temperature, noteAtBound: string): Fitted {
  const { value, atBound } = temperature;
  const logitsOf = (predictions: LabelledLogits) => applyTemperature(predictions, value).logits;
  return { ...fitted(logitsOf, `T = ${shown(value)}`, atBound ? noteAtBound : undefined), temperature };
}

/** Where shrinkage draws to: the temperature by NLL, and what it is a bound of. */
export function centralTemperature(dev1: LabelledLogits): { readonly value: number; readonly note?: string } {
  const { value, atBound } = fitTemperature(dev1);
  const { lowest, highest } = temperatureBounds;
  if (!atBound) return { value };
  return { value, note: `drawn to a temperature that is at a bound of [${lowest}, ${highest}]` };
}
