/** Others' libraries of calibration, which tests compare with, in one environment: they share most of it. */

import { pythonWith } from "../python.ts";

/** A Python that has them; undefined where they can't be installed. */
export const python: string | undefined = await pythonWith(
  ["scikit-learn==1.9.1", "mapie==1.6.0", "relplot==1.0.3", "uncertainty-calibration==0.1.4"],
  ["uncertainty-calibration"],
);
