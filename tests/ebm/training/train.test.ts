/** Tests the training loop with a model of one weight, to which each step adds what it drew. */
import assert from "node:assert/strict";
import { type Carried, train, type Trained } from "../../../src/ebm/training/train.ts";
import { InputError } from "../../../src/errors.ts";
import { momentsOf } from "../../../src/graph/adamw.ts";
import { Graph } from "../../../src/graph/graph.ts";
import { randomStream } from "../../../src/random.ts";
import type { Feed, Fetched } from "../../../src/runtime/session.ts";
import { inFolder } from "../../in_folder.ts";
import { scratch } from "../../scratch.ts";

const schedule = { peak: 0.5, warmupSteps: 2, steps: 8 };

interface Training {
  readonly trained: Trained<{ readonly weight: number }> | undefined;
  readonly weight: number;
  /** The acts of the training, in the order in which they happened. */
  readonly events: readonly string[];
  readonly log: readonly string[];
}

interface TrainingOptions {
  /** The step at which the training is interrupted. */
  readonly stopAt?: number;
  /** The loss of a step; 1 unless given. */
  readonly loss?: (step: number) => number;
}

/**
 * Trains with a folder of saved state. Every third step is evaluated, and odd steps set the value that is
 * carried.
 */
async function trainIn(folder: string, { stopAt, loss = () => 1 }: TrainingOptions = {}): Promise<Training> {
  const graph = new Graph();
  const variable = graph.variable("weight", [1]);
  const moments = momentsOf(graph, variable);
  const values = new Map<string, Float32Array>();
  const fetched = (): Fetched => ({
    floats: (name) => values.get(name)!.slice(),
    integers: () => assert.fail("all values are floats"),
  });
  const session = {
    run(name: string, feeds: Readonly<Record<string, Feed>> = {}) {
      if (name === "reset") { for (const moment of moments) values.set(moment.name, Float32Array.of(0)); }
      for (const [input, feed] of Object.entries(feeds)) {
        if (typeof feed !== "number") values.set(input, Float32Array.from(feed.values));
      }
      return fetched();
    },
  };
  const [events, log]: [string[], string[]] = [[], []];
  const random = randomStream(1, "draws");
  const carried: Carried = { latest: undefined };
  const trained = await train({
    context: { scratch, checkpoint: folder, threads: 1, log: (line) => log.push(line), progress: () => {} },
    model: { program: { precision: "float32", parts: 1 }, session, variables: [variable], moments },
    schedule,
    initialWeights: () => Promise.resolve(new Map([["weight", { shape: [1], data: Float32Array.of(100) }]])),
    draw() {
      events.push("draw");
      return random.integer(1000);
    },
    step(drawn, { step, learningRate }) {
      if (step === stopAt) throw new Error("interrupted");
      events.push(`step ${step}`);
      if (step % 2 === 1) carried.latest = { from: step };
      const [weight, mean] = ["weight", moments[0].name].map((name) => values.get(name)![0]);
      values.set(moments[0].name, Float32Array.of(mean + 1));
      values.set("weight", Float32Array.of(weight + drawn + mean));
      const { from } = carried.latest as { readonly from: number };
      return { figures: { loss: loss(step), learningRate, drawn, from }, work: { tokens: 1, flops: 1 } };
    },
    evaluate(step) {
      if (step % 3 !== 0) return undefined;
      events.push(`evaluate ${step}`);
      return { weight: values.get("weight")![0] };
    },
    carried,
  }).catch((error: Error) => {
    if (error.message !== "interrupted") throw error;
    return undefined;
  });
  return { trained, weight: values.get("weight")![0], events, log };
}

/** Lets half a minute pass from one look at the clock to the next, so that each step's state is saved. */
async function withFastClock<Result>(act: () => Promise<Result>): Promise<Result> {
  const now = performance.now;
  let time = 0;
  performance.now = () => time += 30_000;
  try {
    return await act();
  } finally {
    performance.now = now;
  }
}

Deno.test("each step draws, trains and is evaluated where it is due, at the schedule's learning rate", async () => {
  await inFolder(async (folder) => {
    const { trained, events } = await trainIn(folder);
    assert.deepEqual(events.slice(0, 8), [
      ...["draw", "step 1", "draw", "step 2", "draw", "step 3", "evaluate 3", "draw"],
    ]);
    const { records, evaluations } = trained!;
    assert.deepEqual(records.map(({ step }) => step), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert.deepEqual(records.slice(0, 2).map(({ learningRate }) => learningRate), [0.25, 0.5]);
    assert.ok(new Set(records.map(({ drawn }) => drawn)).size > 1);
    assert.deepEqual(evaluations.map(({ step }) => step), [3, 6]);
    const drawn = records.slice(0, 3).reduce((sum, record) => sum + record.drawn, 0);
    assert.equal(evaluations[0].weight, 100 + drawn + 0 + 1 + 2);
  });
});

Deno.test("a resumed training draws again for the steps that are done, takes the others, and ends the same", async () => {
  let undisturbed: Training;
  await inFolder(async (folder) => {
    undisturbed = await trainIn(folder);
  });
  for (let stopAt = 2; stopAt <= schedule.steps; stopAt++) {
    await inFolder(async (folder) => {
      const first = await withFastClock(() => trainIn(folder, { stopAt }));
      assert.deepEqual([first.trained, first.log], [undefined, []]);
      const { trained, weight, events, log } = await trainIn(folder);
      assert.deepEqual(log, [`resumes after step ${stopAt - 1}`]);
      assert.deepEqual(trained, undisturbed.trained);
      assert.equal(weight, undisturbed.weight);
      assert.equal(events.filter((event) => event === "draw").length, schedule.steps);
      assert.equal(events.find((event) => event.startsWith("step")), `step ${stopAt}`);
    });
  }
});

Deno.test("a training that is interrupted before half a minute has passed starts anew", async () => {
  await inFolder(async (folder) => {
    await trainIn(folder, { stopAt: 5 });
    const { events, log } = await trainIn(folder);
    assert.deepEqual(log, []);
    assert.deepEqual(events.slice(0, 2), ["draw", "step 1"]);
  });
});

Deno.test("a loss that isn't a number ends the training at its step, and isn't saved", async () => {
  await inFolder(async (folder) => {
    const failing = () => trainIn(folder, { loss: (step) => step === 4 ? NaN : 1 });
    await assert.rejects(withFastClock(failing), (error) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, /found loss = NaN at step 4/);
      return true;
    });
    assert.deepEqual((await trainIn(folder)).log, ["resumes after step 3"]);
  });
});
