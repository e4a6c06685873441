import { InputError } from "../errors.ts";

/** A failure that may be over a moment later: a busy server, a connection that broke off. */
export class PassingFailure extends Error {
  override readonly name = "PassingFailure";
  constructor(
    message: string,
    /** How long the server asks to wait, in milliseconds, where it does. */
    readonly waitMs?: number,
    /** Whether something was won before it failed, so that this isn't one more failure in a row. */
    readonly hasProgressed = false,
  ) {
    super(message);
  }
}

/** How a wait is told of and waited for. */
export interface Patience {
  log(line: string): void;
  wait(milliseconds: number): Promise<void>;
}

const waitsMs = [1000, 2000, 4000, 8000] as const; // after the first failure in a row, the second, …
const longestWaitMs = 120_000;

/**
 * Tries something again for as long as its failures may pass: five times in a row, with longer and longer
 * waits between, or those that the server asks for.
 *
 * @throws {InputError} where it failed five times in a row, or is to wait for more than two minutes
 */
export async function retried<Value>(
  { log, wait }: Patience,
  attempt: () => Promise<Value>,
): Promise<Value> {
  let failures = 0; // in a row
  while (true) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof PassingFailure)) throw error;
      failures = error.hasProgressed ? 1 : failures + 1;
      const waitMs = error.waitMs ?? waitsMs[failures - 1];
      if (failures > waitsMs.length || waitMs > longestWaitMs) throw givenUp(error, failures);
      log(`${error.message}; trying again in ${waitMs / 1000} s`);
      await wait(waitMs);
    }
  }
}

function givenUp({ message, waitMs }: PassingFailure, failures: number): InputError {
  const asked = waitMs === undefined ? "" : `, which asks to wait for ${Math.ceil(waitMs / 1000)} s`;
  return new InputError({
    found: failures === 1 ? `${message}${asked}` : `${message}, ${failures} times in a row`,
    expected: "an answer",
    fix:
      "Run again later: it goes on where it stopped. docs/hub.md says how to go by a proxy or a mirror, and " +
      "what to do without a network.",
  });
}
