import assert from "node:assert/strict";
import { inTurn, tokenRate } from "../../../bench/measuring/turns.ts";

/** Answers as a competitor does, and tells each turn by appending its letter to a file. */
const competitor = (letter: string, file: string, warm: boolean) => [
  "python3",
  "-c",
  `
import json, sys
print('{"warm": ${warm}}', flush=True)
for line in sys.stdin:
    open(${JSON.stringify(file)}, "a").write(${JSON.stringify(letter)} * int(line))
    steps = [{"milliseconds": 2, "tokens": 10}] * int(line)
    print(json.dumps({"steps": steps, "peakMebibytes": 7}), flush=True)
`,
];

Deno.test("competitors take turns, after a step that doesn't count where they aren't warm", async () => {
  const file = await Deno.makeTempFile();
  const measured = await inTurn({ a: competitor("a", file, true), b: competitor("b", file, false) }, {
    turns: 2,
    stepsPerTurn: 3,
  });
  assert.equal(await Deno.readTextFile(file), "b" + "aaabbb" + "aaabbb");
  assert.equal(measured.a.steps.length, 6);
  assert.equal(measured.b.peakMebibytes, 7);
  assert.equal(tokenRate(measured.a), 5000);
  await Deno.remove(file);
});

Deno.test("a competitor that fails is told with what it said", async () => {
  const failing = ["python3", "-c", "raise SystemExit('no model')"];
  await assert.rejects(inTurn({ failing }, { turns: 1, stepsPerTurn: 1 }), /has ended: no model/);
});
