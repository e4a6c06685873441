import assert from "node:assert/strict";
import { secondsLeft } from "../../../src/cli/commands/time_left.ts";

Deno.test("the time left follows the speed that a run has, not only the one that was foretold", () => {
  const run = { foretold: 1000, passed: 0, before: 0, elapsed: 0 };
  assert.equal(secondsLeft(run), 1000);
  assert.equal(secondsLeft({ ...run, passed: 300, elapsed: 300 }), 700);

  // A machine that is three times as fast as was foretold: half of the work is done after 167 s.
  const fast = secondsLeft({ ...run, passed: 500, elapsed: 500 / 3 });
  assert.ok(fast > 500 / 3 && fast < 200, `${fast}`);
  // One that is three times as slow.
  const slow = secondsLeft({ ...run, passed: 500, elapsed: 1500 });
  assert.ok(slow < 1500 && slow > 1400, `${slow}`);
});

Deno.test("what an earlier run did says nothing of this one's speed", () => {
  const resumed = { foretold: 1000, passed: 600, before: 600, elapsed: 0 };
  assert.equal(secondsLeft(resumed), 400);
  assert.equal(secondsLeft({ ...resumed, passed: 700, elapsed: 100 }), 300);
});
