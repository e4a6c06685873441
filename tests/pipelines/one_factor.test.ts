/** The experiments on the default pipeline's data change one thing at a time, and share their trainings. */
import assert from "node:assert/strict";
import { actions } from "./actions.ts";

const [weights, noise, ratio, lengths, alternatives] = [
  await actions("pipelines/energy-weight.yaml"),
  await actions("pipelines/noise.yaml"),
  await actions("pipelines/noise-ratio.yaml"),
  await actions("pipelines/training-length.yaml"),
  await actions("pipelines/alternatives.yaml"),
];

/** Names what two trainings of a file differ in: parameters, and the pool of noise. */
function changesBetween(
  trainings: typeof weights,
  name: string,
  reference: string,
): readonly string[] {
  const [one, other] = [name, reference].map((training) => trainings.get(`finetune@${training}`));
  assert.ok(one && other);
  const names = Object.keys(one.parameters).filter((key) =>
    typeof one.parameters[key] !== "object" && one.parameters[key] !== other.parameters[key]
  );
  const [ownNoise, otherNoise] = [one, other].map(({ inputs }) => new Map(inputs).get("noise"));
  return [...names, ...(ownNoise === otherNoise ? [] : ["noise"])].sort();
}

Deno.test("each setting changes one factor of the default's, and what follows from it", () => {
  for (const setting of ["lambda-0", "lambda-0.1", "lambda-0.3"]) {
    const changes = (variant: string) =>
      changesBetween(weights, `${setting},${variant},1`, `lambda-1,${variant},1`);
    assert.deepEqual(changes("hidden"), ["energyWeight"], setting);
    assert.deepEqual(changes("baseline"), [], `the baseline beside ${setting}`);
  }
  for (const setting of ["weak-noise", "noise-once"]) {
    assert.deepEqual(changesBetween(noise, `${setting},hidden,1`, "default,hidden,1"), ["noise"], setting);
  }
  assert.deepEqual(changesBetween(ratio, "k-8,hidden,1", "default,hidden,1"), ["noise", "noiseRatio"]);
  const durations: Readonly<Record<string, readonly string[]>> = {
    "epochs-1": ["evaluateEvery", "steps", "warmupSteps"],
    "epochs-2.5": ["steps", "warmupSteps"],
    "ten-epochs": ["noise", "steps", "warmupSteps"], // more noise texts, so that none is seen twice
  };
  for (const [setting, changes] of Object.entries(durations)) {
    assert.deepEqual(changesBetween(lengths, `${setting},hidden,1`, "epochs-5,hidden,1"), changes, setting);
  }
  assert.deepEqual(
    changesBetween(lengths, "best-nll,baseline,2", "epochs-5,baseline,2"),
    ["evaluateEvery", "keep"],
  );
});

Deno.test("the warm-up is 6 % of the steps, and the noise is enough to be fresh", () => {
  for (const trainings of [weights, noise, ratio, lengths]) {
    for (const [name, { parameters, inputs }] of trainings) {
      if (!name.startsWith("finetune@")) continue;
      const { steps, warmupSteps, batchSize, noiseRatio } = parameters as Record<string, number>;
      assert.ok(Math.abs(warmupSteps! / steps! - 0.06) < 0.005, name);
      const pool = new Map(inputs).get("noise") as string | undefined;
      if (!pool?.startsWith("sample-noise@fresh")) continue;
      const { samplesPerText } = trainings.get(pool)!.parameters as Record<string, number>;
      assert.ok(2000 * samplesPerText! >= steps! * batchSize! * noiseRatio! - batchSize!, name);
    }
  }
});

Deno.test("all files train at the default's settings alike", async () => {
  const renamed = (name: string) =>
    name.replace("train-noise-model@strong", "train-noise-model").replace(
      "sample-noise@fresh",
      "sample-noise",
    )
      .replace(/@(epochs-5|default|lambda-1),/, "@");
  const same = await actions("pipelines/training-length.yaml", renamed);
  const others = {
    alternatives,
    "energy-weight": await actions("pipelines/energy-weight.yaml", renamed),
    noise: await actions("pipelines/noise.yaml", renamed),
    "noise-ratio": await actions("pipelines/noise-ratio.yaml", renamed),
  };
  const shared = /^(prepare-data|train-noise-model|sample-noise|finetune@(baseline|hidden),.)$/;
  for (const [file, trainings] of Object.entries(others)) {
    const names = [...trainings.keys()].filter((name) => shared.test(name));
    assert.equal(names.length, 3 + (file.startsWith("noise") ? 2 : 4));
    for (const name of names) assert.deepEqual(trainings.get(name), same.get(name), `${name} of ${file}`);
  }

  const main = await actions("pipeline.yaml");
  const mpnet = await actions("pipelines/mpnet.yaml");
  for (const name of ["prepare-data", "train-noise-model", "sample-noise"]) {
    assert.deepEqual(main.get(name), same.get(name), name);
    assert.deepEqual(mpnet.get(name), same.get(name), name);
  }
});

Deno.test("MC dropout shares the baseline's training, and calibrators can be fitted on the training texts", () => {
  assert.deepEqual(alternatives.get("finetune@mc-dropout,1"), alternatives.get("finetune@baseline,1"));
  for (const [name, { parameters }] of alternatives) {
    if (name.startsWith("evaluate@")) assert.equal(parameters.trainPredictions, true);
  }
});
