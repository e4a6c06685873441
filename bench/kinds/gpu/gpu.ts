import { readStamp } from "../../../src/runtime/setup/stamp.ts";
import { placesIn } from "../../../src/runtime/setup/places.ts";
import type { Bench, Findings } from "../../benchmark.ts";
import { workCommand } from "../../calibrant/command.ts";
import { writeStepOfShape } from "../../inputs/one_shape.ts";
import { classifierOperations } from "../../measuring/operations.ts";
import { table } from "../../page/table.ts";
import { inTurn, stepTime } from "../../measuring/turns.ts";
import { checkAgainstCpu } from "./check.ts";
import { parameterCount, trainingBytes } from "./memory_traffic.ts";
import { robertaBase } from "./roberta_base.ts";

/**
 * NVIDIA's H100 SXM by its data sheet: operations of dense bf16 products, and bytes from memory, in a second.
 */
const gpu = { name: "H100 SXM", operations: 989e12, bytes: 3.35e12 };

const works = [
  { name: "cross-entropy, 32 × 128", rows: 32, length: 128, noiseRatio: undefined },
  { name: "joint, hidden, K = 1, 32 × 128", rows: 32, length: 128, noiseRatio: 1 },
  { name: "joint, hidden, K = 8, 32 × 128", rows: 32, length: 128, noiseRatio: 8 },
];

/**
 * Computes how long steps of roberta-base should take. Where libtensorflow has a GPU it measures them, and checks
 * that training gives there what it gives on the CPU.
 */
export async function benchGpu(bench: Bench): Promise<Findings> {
  const hasGpu = readStamp(placesIn(bench.root).stamp).tensorflow?.facts.device === "cuda";
  const rows: string[][] = [];
  for (const work of works) {
    const batches = work.noiseRatio ? 2 + work.noiseRatio : 1;
    const operations = classifierOperations(robertaBase, batches * work.rows, work.length);
    const bytes = trainingBytes(robertaBase, batches * work.rows, work.length);
    rows.push([
      work.name,
      (operations / 1e12).toFixed(2),
      (bytes.weights / 1e9).toFixed(1),
      (bytes.activations / 1e9).toFixed(1),
      `${(1000 * operations / gpu.operations).toFixed(1)} ms`,
      `${(1000 * (bytes.weights + bytes.activations) / gpu.bytes).toFixed(1)} ms`,
      hasGpu ? `${(await measured(bench, work)).toFixed(1)} ms` : "no GPU",
    ]);
  }
  rows.forEach((row) => bench.say(row.join(" | ")));
  const checked = hasGpu ? await checkAgainstCpu(bench) : undefined;
  const text = [
    `A training step of roberta-base (${
      (parameterCount(robertaBase) / 1e6).toFixed(0)
    } M weights), products in bf16. ` +
    `The times are the least that an ${gpu.name} needs: at ${
      gpu.operations / 1e12
    } TFLOP/s for the products, and at ` +
    `${gpu.bytes / 1e12} TB/s for what is read and written; they add up where the two don't overlap.` +
    (hasGpu
      ? ""
      : " There is no CUDA libtensorflow here, so nothing was measured: `deno task bench gpu` fills the last " +
        "column where there is one, and checks that training gives the same there as on the CPU."),
    table(["step", "TFLOP", "GB, weights", "GB, activations", "products", "memory", "measured"], rows),
    ...checked ? [checked.text] : [],
  ].join("\n\n");
  return { ...checked, text };
}

/** The median milliseconds of a step. */
async function measured(
  bench: Bench,
  { name, rows, length, noiseRatio }: typeof works[number],
): Promise<number> {
  const sized = { ...bench, config: robertaBase };
  const steps = writeStepOfShape(sized, "gpu", { rows, length }, noiseRatio ? 2 + noiseRatio : 1);
  const work = {
    kind: "classifier",
    config: robertaBase,
    precision: "bfloat16",
    variant: noiseRatio ? "hidden" : "baseline",
    noiseRatio: noiseRatio ?? 1,
  } as const;
  const result = await inTurn({ [name]: workCommand(bench, work, steps) }, { turns: 1, stepsPerTurn: 20 });
  return stepTime(result[name]);
}
