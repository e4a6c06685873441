import assert from "node:assert/strict";
import { join } from "node:path";
import { Graph } from "../../../src/graph/graph.ts";
import { matmul } from "../../../src/graph/ops.ts";
import { compile } from "../../../src/graph/program.ts";
import { openSession } from "../../../src/runtime/session.ts";
import { trainTinyClassifier } from "../../tiny_classifier.ts";
import { temporaryFolder } from "../setup/tools.ts";

Deno.test("a session with a profile fetches the same bytes as TensorFlow.js, in traced runs and others", async () => {
  using folder = temporaryFolder();
  const steps = 16; // 3 to warm up, 10 that are traced, 3 more

  const profiled = await trainTinyClassifier([7, 9, 8], steps, folder.path);

  assert.deepEqual(profiled, await trainTinyClassifier([7, 9, 8], steps));
  const table = Deno.readTextFileSync(join(folder.path, "profile.md"));
  assert.match(
    table,
    /^train: .* ms a run, 72 tokens, \d+ tokens\/s \(mean of 10 traced, after 3 to warm up\)$/m,
  );
  assert.match(table, /^\| train +\| +16 \| .* \| +10 \|$/m);
  assert.match(table, /^\| read +\| +1 \| .* \| +0 \|$/m);
});

Deno.test("what TensorFlow refuses is told in its words", async () => {
  using folder = temporaryFolder();
  const graph = new Graph();
  const [a, b] = ["a", "b"].map((name) => graph.placeholder(name, "float32", ["rows", "columns"]));
  const square = [2, 2];
  const product = matmul({ ...a, shape: square }, { ...b, shape: square }); // pretends that both are square
  const program = compile(graph, { multiply: { inputs: { a, b }, outputs: { product } } });
  const session = await openSession(program, { scratch: folder.path, threads: 1, profile: folder.path });
  const matrix = { values: new Float32Array(6), shape: [2, 3] };

  assert.throws(() => session.run("multiply", { a: matrix, b: matrix }), /TensorFlow: .*[Mm]atrix/);

  session.close();
});
