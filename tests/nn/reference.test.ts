/** Logits, energies and losses of tiny random models, as Hugging Face transformers and PyTorch compute them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { classifierProgram } from "../../src/ebm/classifier/program.ts";
import { jointBatch } from "../../src/ebm/classifier/joint_batch.ts";
import { weightFeeds } from "../../src/ebm/training/weights.ts";
import { initialValues, readCheckpoint } from "../../src/nn/checkpoint.ts";
import { withDropout } from "../../src/nn/config.ts";
import { packParts } from "../../src/nn/packing.ts";
import { openSession } from "../../src/runtime/session.ts";
import { fixture } from "../fixtures.ts";
import { assertClose } from "../close.ts";
import { scratch } from "../scratch.ts";

interface Expected {
  readonly input_ids: number[][];
  readonly attention_mask: number[][];
  readonly token_type_ids: number[][] | null;
  readonly labels: number[];
  readonly logits: number[];
  readonly energy_hidden: number[];
  readonly energy_sharp_hidden: number[];
  readonly loss: number;
  readonly grad_norm_before_clip: number;
  readonly losses_after_steps_1_to_4: number[];
}

for (const family of ["bert", "roberta", "distilbert", "electra", "mpnet"]) {
  Deno.test(
    `a tiny ${family} gives the reference's logits, energies, gradient norm and losses over four steps of AdamW`,
    () => compareClassifier(fixture(`${family}-tiny-random`)),
  );
}

async function compareClassifier(folder: string) {
  const expected: Expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8"));
  const checkpoint = await readCheckpoint(folder);
  const config = withDropout(checkpoint.config, 0);
  const sequences = expected.input_ids.map((ids, row) => {
    const length = expected.attention_mask[row].reduce((a, b) => a + b);
    return {
      ids: ids.slice(0, length),
      typeIds: expected.token_type_ids?.[row].slice(0, length),
      label: expected.labels[row],
    };
  });
  for (const variant of ["hidden", "sharp-hidden"] as const) {
    const { program, variables } = classifierProgram({
      ...{
        config,
        classes: 3,
        variant,
        classLoss: { kind: "cross-entropy" },
        noiseRatio: 1,
        energyWeight: 0,
        weightDecay: 0.1,
        clipNorm: 1,
        parts: 1,
        turns: 1,
        precision: "float32",
      },
    });
    const session = await openSession(program, { scratch, threads: 1 });
    session.run("assign", weightFeeds(initialValues(variables, checkpoint)));
    session.run("reset");

    const predicted = session.run("predict", packParts(sequences, config.firstPosition, 1).feeds);
    assertClose(predicted.floats("logits"), expected.logits, 2e-6);
    assertClose(
      predicted.floats("energy"),
      variant === "hidden" ? expected.energy_hidden : expected.energy_sharp_hidden,
      2e-6,
    );

    const { feeds } = jointBatch(config, sequences, 1, { data: sequences, noise: sequences }); // λ = 0 leaves cross-entropy
    const steps = [1, 2, 3, 4, 5].map((step) =>
      session.run("train", { ...feeds, seed: 0, learningRate: 1e-3, step })
    );
    assertClose([steps[0].floats("norm")[0]], [expected.grad_norm_before_clip], 1e-5);
    assertClose(steps.map((step) => step.floats("loss")[0]), [
      expected.loss,
      ...expected.losses_after_steps_1_to_4,
    ], 2e-5);
    session.close();
  }
}
