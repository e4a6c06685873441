import type { Parameters } from "./parameters.ts";

/** What fitting a calibrator gives. */
export interface Fitted {
  readonly parameters: Parameters;
  /** The fitted parameters in a few words, such as "T = 1.03". */
  readonly summary: string;
  /** A note on what the data didn't determine. */
  readonly note?: string;
}

/** Joins what was fitted with notes on it; those that are undefined are left out. */
export function fitted(
  parameters: Parameters,
  summary: string,
  ...notes: readonly (string | undefined)[]
): Fitted {
  const said = notes.filter((one) => one !== undefined);
  return { parameters, summary, ...(said.length > 0 ? { note: said.join("; ") } : {}) };
}

/** Formats a fitted parameter for a summary. */
export function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}
