/** Tests what a training starts from, in its session and in memory. */
import assert from "node:assert/strict";
import { writeState } from "../../../src/ebm/training/saved_state.ts";
import { startOrResume } from "../../../src/ebm/training/state.ts";
import { fetchedWeights } from "../../../src/ebm/training/weights.ts";
import { momentsOf } from "../../../src/graph/adamw.ts";
import { Graph } from "../../../src/graph/graph.ts";
import { assignments, compile, readings, zeroing } from "../../../src/graph/program.ts";
import type { Weight } from "../../../src/nn/checkpoint.ts";
import { openSession } from "../../../src/runtime/session.ts";
import { scratch } from "../../scratch.ts";
import { inFolder } from "../../in_folder.ts";

const [size, count] = [2 ** 16, 4];

/**
 * Makes tensors with different numbers in one buffer, as if read from a file. Each begins 16 bytes further
 * off a multiple of 64 than the one before, so that one of any four in a row is at such a multiple, where
 * TensorFlow takes memory as it is instead of copying it.
 */
function tensors(names: readonly string[], first: number): Map<string, Weight> {
  const stride = size + 4;
  const data = Float32Array.from({ length: names.length * stride }, (_, index) => first + index);
  return new Map(names.map((name, index) => [
    name,
    { shape: [size], data: data.subarray(index * stride, index * stride + size) },
  ]));
}

/** Starts a training with a folder of saved state, and returns what its session holds then. */
async function started(folder: string) {
  const graph = new Graph("float32");
  const variables = Array.from({ length: count }, (_, index) => graph.variable(`weight${index}`, [size]));
  const moments = variables.flatMap((variable) => momentsOf(graph, variable));
  const program = compile(graph, {
    assign: assignments(graph, variables),
    read: readings(variables),
    reset: zeroing(graph, moments),
    readMoments: readings(moments),
    assignMoments: assignments(graph, moments),
  });
  const session = await openSession(program, { scratch, threads: 1 });
  const given = tensors(variables.map(({ name }) => name), 0);
  const log: string[] = [];
  const { done } = await startOrResume({
    model: { session, variables, moments },
    folder,
    initialWeights: () => Promise.resolve(given),
    nothing: { step: 0, records: [] },
    log: (line) => log.push(line),
  });
  // If memory was given back too early, these may get it and overwrite what lies there.
  const others = Array.from({ length: 3 * count }, () => new Float32Array(size).fill(NaN));
  const found = new Map([
    ...fetchedWeights(session.run("read"), variables),
    ...fetchedWeights(session.run("readMoments"), moments),
  ]);
  session.close();
  assert.equal(others.length, 3 * count);
  const [weights, ofMoments] = [variables, moments].map((all) => all.map(({ name }) => name));
  return { step: done.step, log, found, given, names: { weights, moments: ofMoments } };
}

/** Names the first difference only, since to print a comparison of so many numbers would take minutes. */
function assertSame(found: ReadonlyMap<string, Weight>, expected: ReadonlyMap<string, Weight>): void {
  assert.deepEqual([...found.keys()], [...expected.keys()]);
  for (const [name, { data }] of expected) {
    const at = data.findIndex((value, index) => !Object.is(value, found.get(name)!.data[index]));
    assert.equal(at, -1, `${name} differs at ${at}: ${found.get(name)!.data[at]}, expected ${data[at]}`);
  }
}

Deno.test("a run starts with the weights that it is given, and gives their memory back", async () => {
  await inFolder(async (folder) => {
    const { step, log, found, given, names } = await started(folder);
    const expected = tensors(names.weights, 0);
    for (const name of names.moments) expected.set(name, { shape: [size], data: new Float32Array(size) });
    assertSame(found, expected);
    assert.deepEqual([step, log], [0, []]);
    for (const { data } of given.values()) assert.equal(data.length, 0);
  });
});

Deno.test("a run that goes on has the weights and moments that were saved", async () => {
  await inFolder(async (folder) => {
    const { names } = await started(folder);
    const saved = tensors([...names.weights, ...names.moments], 1000);
    await writeState(folder, { progress: { step: 7, records: [] }, tensors: saved });
    const { step, log, found } = await started(folder);
    assertSame(found, saved);
    assert.deepEqual([step, log], [7, ["resumes after step 7"]]);
  });
});
