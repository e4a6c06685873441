/** Energies with known figures: of labelled texts, and of noise. */

import { coarse, threeClasses, v } from "../calibration/reference_data.ts";

const ids = Array.from(v, (_, row) => `r${row}`);

export const labelled = { ids, ...threeClasses, energies: v };
export const noise = coarse.slice(0, 150).map((one) => 2 * one);
