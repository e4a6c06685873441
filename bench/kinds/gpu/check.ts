import type { Precision } from "../../../src/graph/graph.ts";
import type { Bench, Findings } from "../../benchmark.ts";
import { table } from "../../page/table.ts";
import { differencesOf, isWithin, tolerances } from "../curves/comparison.ts";
import {
  curveCommand,
  differenceHeadings,
  differenceRow,
  prepareRuns,
  runHeadings,
  runRow,
  trainCurve,
} from "../curves/runs.ts";

/** CUDA shows no GPU to a process with this environment, so that all is computed on the CPU. */
const withoutGpu = { CUDA_VISIBLE_DEVICES: "-1" };

/**
 * Trains the classifier of `bench curves` on the GPU in each precision, and on the CPU in float32, and compares
 * the losses. All may be as far apart as bf16 and float32 are: a GPU rounds float32 products to TF32, which keeps
 * hardly more digits than bf16.
 */
export async function checkAgainstCpu(bench: Bench): Promise<Findings> {
  const { job, labels } = await prepareRuns(bench);
  const run = async (name: string, precision: Precision, env: Record<string, string> = {}) => {
    const figures = await trainCurve(curveCommand(bench, job, precision), labels, { env });
    bench.say(runRow(name, figures).join(" | "));
    return { name, figures };
  };
  const cpu = await run("float32, CPU", "float32", withoutGpu);
  const onGpu = [await run("float32, GPU", "float32"), await run("bf16, GPU", "bfloat16")];
  const tolerance = tolerances.bfloat16;
  const compared = onGpu.map(({ name, figures }) => ({
    name: `${cpu.name} – ${name}`,
    differences: differencesOf(cpu.figures, figures),
  }));
  const failures = compared.filter(({ differences }) => !isWithin(differences, tolerance));
  return {
    text: [
      `Whether the numbers are right: MiniLM-L6 trained for ${bench.settings.curves.steps} steps as in \`bench curves\`, on the GPU and on the CPU.`,
      table(runHeadings, [cpu, ...onGpu].map(({ name, figures }) => runRow(name, figures))),
      table(
        differenceHeadings,
        compared.map(({ name, differences }) => differenceRow(name, differences, tolerance)),
      ),
    ].join("\n\n"),
    ...(failures.length > 0
      ? {
        failure: `the GPU's results are further from the CPU's than their tolerance: ${
          failures.map(({ name }) => name).join("; ")
        }`,
      }
      : {}),
  };
}
