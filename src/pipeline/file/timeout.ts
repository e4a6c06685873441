/** How long an instance may run, as the pipeline file writes it. */

import { z } from "zod";

const hour = 3_600_000; // milliseconds
const longest = "8760h"; // a year

export const timeoutSchema = z.string()
  .regex(/^[1-9]\d*(s|m|h)$/, { message: "a time such as 90s, 30m or 2h", abort: true })
  .refine((text) => millisecondsOf(text) <= millisecondsOf(longest), `at most ${longest}, which is a year`);

/** Returns the milliseconds of a timeout such as 90s, 30m or 2h. */
export function millisecondsOf(timeout: string): number {
  const unit = timeout.endsWith("h") ? hour : timeout.endsWith("m") ? 60_000 : 1000;
  return parseInt(timeout) * unit;
}
