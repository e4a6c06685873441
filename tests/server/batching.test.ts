import assert from "node:assert/strict";
import { batching, QueueFull } from "../../src/server/batching.ts";

/** Works on batches one by one, each when it is told to; it records them, and answers with lengths. */
function byHand() {
  const batches: string[][] = [];
  const begun: (() => void)[] = [];
  return {
    batches,
    /** Resolves what the oldest batch that isn't done waits for. */
    finish: () => begun.shift()!(),
    async work(items: readonly string[]): Promise<readonly number[]> {
      batches.push([...items]);
      await new Promise<void>((resolve) => begun.push(resolve));
      if (items.includes("bad")) throw new Error("a bad batch");
      return items.map(({ length }) => length);
    },
  };
}

const options = { batch: 3, queue: 5, waitMs: 0 };
const nobody = () => new AbortController().signal;
const settled = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("what comes at about the same time is a batch, and what comes meanwhile is the next", async () => {
  const { batches, finish, work } = byHand();
  const queue = batching(work, options);
  const [one, two] = [queue.submit(["a"], nobody()), queue.submit(["bb"], nobody())];
  await settled();
  const others = queue.submit(["ccc", "d", "ee", "fff"], nobody());
  assert.deepEqual([batches, queue.waiting()], [[["a", "bb"]], 4]);
  finish();
  assert.deepEqual(await Promise.all([one, two]), [[1], [2]]);
  await settled();
  assert.deepEqual(batches[1], ["ccc", "d", "ee"]);
  finish();
  await settled();
  await settled(); // it waits for others first
  assert.deepEqual(batches[2], ["fff"]);
  finish();
  assert.deepEqual(await others, [3, 1, 2, 3]);
  assert.equal(queue.waiting(), 0);
});

Deno.test("a lone client never waits, and those who asked together are waited for", async () => {
  const { batches, finish, work } = byHand();
  const queue = batching(work, { ...options, waitMs: 60_000 });
  for (const text of ["a", "b"]) {
    const lone = queue.submit([text], nobody());
    await settled();
    finish();
    await lone;
  }
  assert.deepEqual(batches, [["a"], ["b"]]);

  const first = queue.submit(["c"], nobody());
  await settled();
  const others = [queue.submit(["d"], nobody()), queue.submit(["e"], nobody())];
  finish();
  await first;
  await settled();
  assert.equal(queue.waiting(), 2); // since three clients had asked
  const again = queue.submit(["f"], nobody());
  await settled();
  assert.deepEqual(batches[3], ["d", "e", "f"]);
  finish();
  await Promise.all([...others, again]);
});

Deno.test("nothing is worked on where all who are waited with have left", async () => {
  const { batches, finish, work } = byHand();
  const queue = batching(work, options);
  const [first, second] = [queue.submit(["a"], nobody()), queue.submit(["b"], nobody())];
  await settled();
  finish();
  await Promise.all([first, second]);
  const leaving = new AbortController();
  const left = assert.rejects(queue.submit(["c"], leaving.signal), /left/);
  leaving.abort(new Error("left"));
  await left;
  await settled();
  await settled();
  const later = queue.submit(["d"], nobody());
  await settled();
  finish();
  await later;
  assert.deepEqual(batches, [["a", "b"], ["d"]]);
});

Deno.test("what finds no room is refused as a whole, and what waits stays", async () => {
  const { finish, work } = byHand();
  const queue = batching(work, options);
  const first = queue.submit(["a", "b", "c"], nobody());
  await settled();
  const waiting = queue.submit(["d", "e", "f"], nobody());
  await assert.rejects(queue.submit(["g", "h", "i"], nobody()), QueueFull);
  assert.equal(queue.waiting(), 3);
  finish();
  await first;
  await settled();
  finish();
  assert.deepEqual(await waiting, [1, 1, 1]);
});

Deno.test("items that nobody wants any more leave the queue, and make room", async () => {
  const { batches, finish, work } = byHand();
  const queue = batching(work, options);
  const first = queue.submit(["a"], nobody());
  await settled();
  const leaving = new AbortController();
  const left = queue.submit(["b", "c", "d"], leaving.signal);
  const staying = queue.submit(["e"], nobody());
  leaving.abort(new Error("left"));
  await assert.rejects(left, /left/);
  assert.equal(queue.waiting(), 1);
  finish();
  await first;
  await settled();
  finish();
  await staying;
  assert.deepEqual(batches, [["a"], ["e"]]);
});

Deno.test("a batch that fails fails those in it, and the next is worked on", async () => {
  const { finish, work } = byHand();
  const queue = batching(work, { ...options, batch: 1 });
  const [bad, good] = [queue.submit(["bad"], nobody()), queue.submit(["good"], nobody())];
  const failed = assert.rejects(bad, /a bad batch/);
  await settled();
  finish();
  await failed;
  await settled();
  finish();
  assert.deepEqual(await good, [4]);
});
