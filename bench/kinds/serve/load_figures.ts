import { quantile } from "../../../src/calibration/resampling/interval.ts";

/** What load.ts has measured. */
export interface Load {
  /** How long it took until all clients had their last answers. */
  readonly seconds: number;
  /** How long each request took. */
  readonly milliseconds: readonly number[];
}

/** How a server did. */
export interface LoadFigures {
  /** Requests in a second. */
  readonly rate: number;
  /** The milliseconds that half of the requests took at most. */
  readonly p50: number;
  /** The milliseconds that 99 % of them took at most. */
  readonly p99: number;
}

/** Takes several loads of one server together. */
export function loadFigures(loads: readonly Load[]): LoadFigures {
  const milliseconds = Float64Array.from(loads.flatMap((load) => load.milliseconds)).sort();
  return {
    rate: milliseconds.length / loads.reduce((total, { seconds }) => total + seconds, 0),
    p50: quantile(milliseconds, 0.5),
    p99: quantile(milliseconds, 0.99),
  };
}
