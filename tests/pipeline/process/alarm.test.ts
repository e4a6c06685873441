import assert from "node:assert/strict";
import { alarmAfter } from "../../../src/pipeline/process/alarm.ts";

Deno.test("an alarm rings when it is to, in a moment or in weeks", {
  sanitizeOps: false,
  sanitizeResources: false,
}, async () => {
  const [soon, late] = [alarmAfter(20), alarmAfter(60 * 24 * 3_600_000)];
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.deepEqual([soon.aborted, late.aborted], [true, false]);
});
