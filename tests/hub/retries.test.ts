import assert from "node:assert/strict";
import { PassingFailure, retried } from "../../src/hub/retries.ts";

/** Tries what fails in these ways, one after the other, and then succeeds. */
async function tryThrough(...failures: readonly Error[]) {
  const [waits, lines]: [number[], string[]] = [[], []];
  const patience = {
    log: (line: string) => lines.push(line),
    wait: (ms: number) => Promise.resolve(void waits.push(ms)),
  };
  let tries = 0;
  const result = await retried(patience, () => {
    const failure = failures[tries++];
    return failure ? Promise.reject(failure) : Promise.resolve("done");
  }).catch((error: Error) => error.message);
  return { result, tries, waits, lines };
}

const busy = new PassingFailure("it is busy");
const progress = new PassingFailure("it broke off", undefined, true);

Deno.test("waits double with each failure in a row, and the fifth is the last", async () => {
  assert.deepEqual((await tryThrough(busy, busy, busy, busy)).waits, [1000, 2000, 4000, 8000]);
  const { result, tries } = await tryThrough(busy, busy, busy, busy, busy);
  assert.match(result, /^found it is busy, 5 times in a row, expected an answer\n/);
  assert.equal(tries, 5);
});

Deno.test("a failure after some progress is the first in a row again", async () => {
  const { result, waits } = await tryThrough(busy, busy, progress, busy, progress, progress, busy);
  assert.equal(result, "done");
  assert.deepEqual(waits, [1000, 2000, 1000, 2000, 1000, 1000, 2000]);
});

Deno.test("what won't pass isn't tried again", async () => {
  assert.deepEqual(await tryThrough(new Error("no")), { result: "no", tries: 1, waits: [], lines: [] });
});
