import assert from "node:assert/strict";
import { InputError } from "../../src/errors.ts";
import type { Hub } from "../../src/hub/hub.ts";
import type { HubServer } from "./server.ts";

/** A hub as a test sees it: nobody waits, but what would be waited for is written down. */
export interface TestHub extends Hub {
  readonly lines: string[];
  readonly waits: number[];
}

export function hubAt({ address }: Pick<HubServer, "address">, changes: Partial<Hub> = {}): TestHub {
  const [lines, waits]: [string[], number[]] = [[], []];
  return {
    endpoint: new URL(`${address}/`),
    token: undefined,
    stalledMs: 60_000,
    log: (line) => lines.push(line),
    wait: (milliseconds) => Promise.resolve(void waits.push(milliseconds)),
    ...changes,
    lines,
    waits,
  };
}

/** Returns the message that a person sees for a mistake, with the server's address replaced by `HUB`. */
export async function messageOf(
  attempt: Promise<unknown>,
  { address }: Pick<HubServer, "address">,
): Promise<string> {
  const error = await attempt.then(() => assert.fail("nothing was thrown"), (error: unknown) => error);
  if (!(error instanceof InputError)) throw error;
  return error.message.replaceAll(address, "HUB").replaceAll(address.replace("http://", ""), "HUB");
}
