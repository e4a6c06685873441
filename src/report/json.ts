import { z } from "zod";

/**
 * A figure in JSON, which has neither infinities nor NaN: the first are the texts "Infinity" and "-Infinity",
 * the last, an undefined figure, is null.
 */
export const figureSchema = z.union([
  z.number(),
  z.enum(["Infinity", "-Infinity"]).transform(Number),
]).nullable();

/** Writes figures as JSON, as `figureSchema` reads them. */
export function figuresAsJson(figures: unknown): string {
  const writable = (_: string, value: unknown) =>
    value === Infinity || value === -Infinity ? String(value) : value;
  return `${JSON.stringify(figures, writable, 2)}\n`;
}
