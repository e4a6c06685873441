/** Tests the training loop with a model of one weight, to which each step adds what it drew. */
import assert from "node:assert/strict";
import type { Selection } from "../../../src/ebm/training/selection.ts";
import { type Carried, train, type Trained } from "../../../src/ebm/training/train.ts";
import { InputError } from "../../../src/errors.ts";
import { momentsOf } from "../../../src/graph/adamw.ts";
import { Graph } from "../../../src/graph/graph.ts";
import { randomStream } from "../../../src/random.ts";
import type { Feed, Fetched } from "../../../src/runtime/session.ts";
import { inFolder } from "../../in_folder.ts";
import { scratch } from "../../scratch.ts";

const schedule = { peak: 0.5, warmupSteps: 2, steps: 8 };

type Evaluation = Readonly<Record<"weight" | "error", number>>;

interface Training {
  readonly trained: Trained<Evaluation> | undefined;
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
  /** The error that the evaluation of each second step finds; without it every third step is evaluated. */
  readonly errors?: Readonly<Record<number, number>>;
  readonly selection?: Omit<Selection<"error">, "by" | "better">;
}

/**
 * Trains with a folder of saved state. Every third step is evaluated, and odd steps set the value that is
 * carried.
 */
async function trainIn(
  folder: string,
  { stopAt, loss = () => 1, errors, selection }: TrainingOptions = {},
): Promise<Training> {
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
      if (step % (errors ? 2 : 3) !== 0) return undefined;
      events.push(`evaluate ${step}`);
      return { weight: values.get("weight")![0], error: errors?.[step] ?? 0 };
    },
    selection: selection && { by: "error", better: "lower", ...selection },
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
    assert.deepEqual(trained!.kept, { step: 8, lastStep: 8, steps: 8, why: "the last step" });
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

const selections: readonly {
  readonly title: string;
  readonly options: TrainingOptions;
  readonly step: number;
  readonly lastStep: number;
  readonly why: string;
}[] = [
  {
    title: "the best step, though training went on",
    options: { errors: { 2: 0.5, 4: 0.3, 6: 0.4, 8: 0.3 }, selection: { keep: "best" } },
    ...{ step: 4, lastStep: 8, why: "the lowest error of 4 evaluations" },
  },
  {
    title: "the best step, and no step after one evaluation that is worse",
    options: { errors: { 2: 0.5, 4: 0.3, 6: 0.4, 8: 0.1 }, selection: { keep: "best", patience: 1 } },
    step: 4,
    lastStep: 6,
    why: "the lowest error of 3 evaluations; stopped after an evaluation without a lower error",
  },
  {
    title: "the last step before patience is at its end",
    options: { errors: { 2: 0.2, 4: 0.3, 6: 0.2, 8: 0.1 }, selection: { keep: "last", patience: 2 } },
    ...{ step: 6, lastStep: 6, why: "the last step; stopped after 2 evaluations without a lower error" },
  },
];

for (const { title, options, ...expected } of selections) {
  Deno.test(`a training keeps ${title}, and the same where it is interrupted`, async () => {
    await inFolder(async (folder) => {
      const { trained, weight, events } = await trainIn(folder, options);
      assert.deepEqual(trained!.kept, { ...expected, steps: schedule.steps });
      assert.equal(trained!.records.length, expected.lastStep);
      assert.equal(events.filter((event) => event.startsWith("step")).length, expected.lastStep);
      // What the session ends with is what the evaluation of the kept step saw.
      assert.equal(weight, trained!.evaluations.find(({ step }) => step === expected.step)!.weight);
      for (const stopAt of [3, 6]) { // before and after the best step
        await inFolder(async (other) => {
          await withFastClock(() => trainIn(other, { ...options, stopAt }));
          const resumed = await trainIn(other, options);
          assert.deepEqual(resumed.log, [`resumes after step ${stopAt - 1}`]);
          assert.deepEqual([resumed.trained, resumed.weight], [trained, weight]);
        });
      }
    });
  });
}

Deno.test("both the last step and the best are kept as trainings that keep one of them do, also where it is interrupted", async () => {
  const errors = { 2: 0.5, 4: 0.3, 6: 0.4, 8: 0.3 };
  const keeping = (keep: "last" | "best" | "both", folder: string, stopAt?: number) =>
    trainIn(folder, { errors, selection: { keep }, ...(stopAt === undefined ? {} : { stopAt }) });
  const alone: Partial<Record<"last" | "best", unknown>> = {};
  for (const keep of ["last", "best"] as const) {
    await inFolder(async (folder) => {
      const { trained, weight } = await keeping(keep, folder);
      assert.equal(trained!.kept.step, keep === "last" ? 8 : 4);
      alone[keep] = { kept: trained!.kept, weight };
    });
  }
  for (const stopAt of [undefined, 3, 6]) { // before and after the best step
    await inFolder(async (folder) => {
      if (stopAt !== undefined) await withFastClock(() => keeping("both", folder, stopAt));
      const { trained, weight } = await keeping("both", folder);
      assert.deepEqual({ kept: trained!.kept, weight }, alone.last);
      const { kept, weights } = trained!.best!;
      assert.deepEqual({ kept, weight: weights.get("weight")!.data[0] }, alone.best);
    });
  }
});

Deno.test("a training that had stopped early when it was interrupted takes no further step", async () => {
  const options = selections[1].options;
  await inFolder(async (folder) => {
    const { trained, weight } = await withFastClock(() => trainIn(folder, options));
    const resumed = await trainIn(folder, options);
    assert.deepEqual([resumed.log, resumed.events], [["resumes after step 6"], []]);
    assert.deepEqual([resumed.trained, resumed.weight], [trained, weight]);
  });
});

Deno.test("an evaluation that isn't a number ends the training at its step", async () => {
  await inFolder(async (folder) => {
    const failing = trainIn(folder, { errors: { 2: NaN }, selection: { keep: "best" } });
    await assert.rejects(failing, /found error = NaN at step 2, expected a number/);
  });
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
