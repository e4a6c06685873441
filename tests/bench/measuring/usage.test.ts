import assert from "node:assert/strict";
import { usageOf } from "../../../bench/measuring/usage.ts";

const python = (program: string) => ["python3", "-u", "-c", program];

Deno.test("what a command prints is kept, and its first line comes before its end", async () => {
  const output = await Deno.makeTempFile();
  const held = 300; // MiB
  const program = `print("first"); data = b"x" * (${held} << 20); print("last")`;
  const usage = await usageOf(python(program), { output });
  assert.equal(await Deno.readTextFile(output), "first\nlast\n");
  assert.ok(usage.firstLineSeconds > 0 && usage.firstLineSeconds <= usage.seconds);
  assert.ok(usage.peakMebibytes >= held, `${usage.peakMebibytes}`);
  assert.ok(usage.cpuSeconds > 0);
  await Deno.remove(output);
});

Deno.test("a command that fails is told with what it said", async () => {
  await assert.rejects(usageOf(python("raise SystemExit('no file')")), /no file/);
});
