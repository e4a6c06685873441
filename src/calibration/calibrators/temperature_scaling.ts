import { calibrationError } from "../metrics/calibration_error.ts";
import { forecastsFromLogits, type LabelledLogits } from "../predictions/forecasts.ts";
import { applyTemperature, fitTemperature, type Temperature } from "./temperature.ts";
import { topLabel } from "../metrics/top_label.ts";
import { type Fitted, fitted, shown } from "./fitted.ts";

/** Fits temperature scaling by NLL (Guo et al. 2017). */
export function fitTemperatureScaling(dev1: LabelledLogits): Fitted {
  const temperature = fitTemperature(dev1);
  return scaling(
    temperature,
    temperature.atBound ? "the temperature is at a bound of the search" : undefined,
  );
}

/**
 * 13 equally spaced temperatures from 0.1 to 3.0. Those nearest to 1 come first, so that among equal errors
 * they win.
 */
const grid = Array.from({ length: 13 }, (_, index) => 0.1 + index * 2.9 / 12)
  .sort((a, b) => Math.abs(Math.log(a)) - Math.abs(Math.log(b)));

/**
 * Fits the paper's temperature scaling (method.md §4): the temperature of a grid with the least ECE of the
 * top label in 20 bins.
 */
export function fitTemperatureGrid(dev1: LabelledLogits): Fitted {
  let [best, least, most] = [1, Infinity, 0];
  for (const temperature of grid) {
    const { probabilities, labels, classes } = forecastsFromLogits(applyTemperature(dev1, temperature));
    const { confidences, correct } = topLabel(probabilities, labels, classes);
    const error = calibrationError(confidences, correct);
    if (error < least) [best, least] = [temperature, error];
    most = Math.max(most, error);
  }
  const atBound = best === Math.min(...grid) || best === Math.max(...grid);
  const end = atBound ? "the temperature is at an end of the grid" : undefined;
  const equal = least === most ? "all temperatures of the grid have the same ECE" : undefined;
  return scaling({ value: best, atBound }, equal ?? end);
}

function scaling(temperature: Temperature, note: string | undefined): Fitted {
  return fitted({ kind: "temperature", ...temperature }, `T = ${shown(temperature.value)}`, note);
}
