import assert from "node:assert/strict";
import { profileTable } from "../../../src/runtime/profile/profile_table.ts";
import { sharesOf } from "../../../src/runtime/profile/shares.ts";
import { operation, run } from "./operations.ts";

Deno.test("operations are added up by type, over the runs' mean", () => {
  const shares = sharesOf([
    run(0n, operation({ type: "MatMul", flops: 600 }), operation({ start: 2 }), operation({ start: 4 })),
    run(99n, operation({ type: "MatMul", flops: 200, milliseconds: 6 })),
  ]);

  assert.deepEqual(shares.types, [
    { type: "MatMul", count: 1, milliseconds: 4, flops: 400 },
    { type: "Mul", count: 1, milliseconds: 2, flops: 0 },
  ]);
  assert.deepEqual([shares.milliseconds, shares.tokens, shares.flops], [10, 100, 400]);
});

Deno.test("two operations at once leave no more of the run than one", () => {
  const operations = [
    operation({ milliseconds: 4 }),
    operation({ start: 1, milliseconds: 2, thread: 2 }), // lies within the first
    operation({ start: 3, milliseconds: 3, thread: 2 }), // goes on after the first
    operation({ start: 8, milliseconds: 1 }),
  ];
  assert.equal(sharesOf([run(0n, ...operations)]).idleMilliseconds, 10 - 6 - 1);
});

Deno.test("the streams of a GPU repeat its operations and aren't added", () => {
  const { types } = sharesOf([
    run(0n, operation({ device: "/device:GPU:0" }), operation({ device: "/device:GPU:0/stream:all" })),
  ]);
  assert.deepEqual(types.map(({ count }) => count), [1]);
});

Deno.test("the table gives time, share, work and the share of the peak", () => {
  const traced = [
    run(0n, operation({ type: "MatMul", flops: 4e9, milliseconds: 8 }), operation({ start: 8 })),
  ];
  const table = profileTable(
    [{ name: "train", runs: 5, milliseconds: 50, traced }, {
      name: "read",
      runs: 1,
      milliseconds: 3,
      traced: [],
    }],
    { precision: "float32", threads: 2, peak: 1e12, residentBytes: 1.5e9 },
  );
  assert.equal(
    table,
    `train: 10.0 ms a run, 100 tokens, 10000 tokens/s (mean of 1 traced, after 3 to warm up)

| Operation          | Count |   ms |   Share | GFLOP | GFLOP/s | Of peak |
| ------------------ | ----: | ---: | ------: | ----: | ------: | ------: |
| MatMul             |     1 |  8.0 |  80.0 % |  4.00 |   500.0 |  50.0 % |
| Mul                |     1 |  2.0 |  20.0 % |       |         |         |
| between operations |       |  0.0 |   0.0 % |       |         |         |
| the whole run      |       | 10.0 | 100.0 % |  4.00 |   400.0 |  40.0 % |

| Signature | Runs | Seconds | Traced |
| --------- | ---: | ------: | -----: |
| train     |    5 |    0.05 |      1 |
| read      |    1 |    0.00 |      0 |

Peak: 1000.0 GFLOP/s, the fastest of large matrix products in float32 on 2 threads. Memory: at most 1.50 GB resident.
`,
  );
});
