import assert from "node:assert/strict";
import { jsonLines, trainingLog } from "../../../src/ebm/training/log.ts";
import { InputError } from "../../../src/errors.ts";

Deno.test("speed is shown, with its share of the machine's peak, and nothing of it is kept", () => {
  const shown: string[] = [];
  const progress = (done: number, total: number, text: string) => shown.push(`${done}/${total} ${text}`);
  const log = trainingLog({ records: [], steps: 2, peak: 1e18, progress });

  log.add({ step: 1, loss: 0.5 }, { tokens: 100, flops: 1e9 });
  log.add({ step: 2, loss: 0.25 }, { tokens: 100, flops: 1e9 });

  assert.match(shown[1], /^2\/2 loss 0\.250, \d+ tokens\/s, \d+ GFLOP\/s \(\d+ % of peak\)$/);
  assert.equal(jsonLines(log.records), '{"step":1,"loss":0.5}\n{"step":2,"loss":0.25}\n');

  // No training is faster than the machine's peak.
  trainingLog({ records: [], steps: 1, peak: 1, progress }).add({ step: 1, loss: 0.5 }, {
    tokens: 100,
    flops: 1e9,
  });
  assert.match(shown[2], /^1\/1 loss 0\.500, \d+ tokens\/s, \d+ GFLOP\/s$/);
});

Deno.test("a loss that isn't finite, or twenty times those of the first steps, stops the run", () => {
  for (const loss of [NaN, Infinity, 21]) {
    const log = trainingLog({ records: [], steps: 9, peak: 1, progress: () => {} });
    for (let step = 1; step <= 10; step++) log.add({ step, loss: 0.7 }, { tokens: 1, flops: 1 });
    assert.throws(() => log.add({ step: 11, loss }, { tokens: 1, flops: 1 }), InputError);
  }
});

Deno.test("an explosion among the first steps stops the run too, and so does any figure that isn't finite", () => {
  const started = () => {
    const log = trainingLog({ records: [], steps: 9, peak: 1, progress: () => {} });
    for (let step = 1; step <= 3; step++) log.add({ step, loss: 0.7 }, { tokens: 1, flops: 1 });
    return log;
  };
  const add = (figures: { readonly loss: number; readonly gradientNorm: number }) => () =>
    started().add({ step: 4, ...figures }, { tokens: 1, flops: 1 });
  assert.doesNotThrow(add({ loss: 20, gradientNorm: 1e9 }));
  assert.throws(
    add({ loss: 21, gradientNorm: 1 }),
    /found a loss of 21 at step 4, expected at most 20 times/,
  );
  assert.throws(add({ loss: 0.7, gradientNorm: NaN }), /found gradientNorm = NaN at step 4/);
});

Deno.test("a run that goes on has the records of the steps before, and measures losses by them", () => {
  const records = Array.from({ length: 10 }, (_, index) => ({ step: index + 1, loss: 10 }));
  const log = trainingLog({ records, steps: 12, peak: 1, progress: () => {} });
  log.add({ step: 11, loss: 199 }, { tokens: 1, flops: 1 });
  assert.deepEqual(log.records, [...records, { step: 11, loss: 199 }]);
  assert.throws(() => log.add({ step: 12, loss: 201 }, { tokens: 1, flops: 1 }), InputError);
});
