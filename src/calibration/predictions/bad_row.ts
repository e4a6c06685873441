import { InputError, type Location } from "../../errors.ts";

/** Says what is wrong with a row, and what to do or else how a right one looks. */
export function badRow(at: Location, found: string, expected: string, fix?: string): InputError {
  const ofCsv =
    "The header is label,logit_0,logit_1,… or label,prob_0,prob_1,…; id, energy and votes may be there too.";
  const ofJson =
    'A row is {"label": class, "logits": [number, …]} or has "probs"; id, energy and votes may be there too.';
  return new InputError({ at, found, expected, fix: fix ?? (/\.[ct]sv$/i.test(at.file) ? ofCsv : ofJson) });
}

/** Shows a value as it stood in the file, and only the beginning of a long one. */
export function show(value: unknown): string {
  if (value === undefined) return "(missing)";
  return (typeof value === "number" ? String(value) : JSON.stringify(value)).slice(0, 80);
}
