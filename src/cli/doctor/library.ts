/** Looks at what set-up makes, and tries libtensorflow. */

import { join } from "node:path";
import { hasNvidiaDriver } from "../../runtime/machine.ts";
import type { SetupPlan } from "../../runtime/setup/setup.ts";
import { isComplete } from "../../runtime/setup/setup.ts";
import { isCurrent, readStamp } from "../../runtime/setup/stamp.ts";
import type { Step } from "../../runtime/setup/step.ts";
import { bytes } from "../terminal/text.ts";
import { type Check, check } from "./check.ts";

/** Returns the steps of set-up that are still to be made. */
export function stepsToMake({ places, steps }: SetupPlan): readonly Step[] {
  const stamp = readStamp(places.stamp);
  return steps.filter((step) => !isCurrent(join(places.setup, step.name), step, stamp[step.name]));
}

/** Checks set-up and, where it is complete, that libtensorflow computes, and on what. */
export async function libraryChecks(plan: SetupPlan): Promise<readonly Check[]> {
  const setup = await check("set-up", () => {
    if (isComplete(plan)) return { state: "ok", found: "complete" };
    const steps = stepsToMake(plan);
    const needs = bytes(1e6 * steps.reduce((sum, { megabytes }) => sum + megabytes, 0));
    const what = steps.length > 0 ? steps.map(({ title }) => title).join(", ") : "TensorFlow.js's binding";
    return {
      state: "missing",
      found: `to make: ${what}`,
      fix: `Run \`deno task setup\`; it needs ${needs} on the disk. Any other task runs it first.`,
    };
  });
  if (setup.state !== "ok") return [setup];
  const { facts = {} } = readStamp(plan.places.stamp).tensorflow;
  let usesGpu = false;
  const library = await check("library", async () => {
    const { loadTensorFlow } = await import("../../runtime/tensorflow.ts");
    const tf = await loadTensorFlow({ threads: 1 });
    tf.matMul(tf.ones([2, 2]), tf.ones([2, 2])).dataSync();
    usesGpu = (tf.backend() as { readonly isUsingGpuDevice?: boolean }).isUsingGpuDevice === true;
    return { state: "ok", found: `libtensorflow ${facts.tensorflow} loads and computes` };
  });
  return [setup, library, await check("device", () => device(facts.device === "cuda", usesGpu))];
}

function device(isForGpus: boolean, usesGpu: boolean): Omit<Check, "name"> {
  const hasDriver = hasNvidiaDriver();
  if (usesGpu) return { state: "ok", found: "an NVIDIA GPU" };
  if (!hasDriver) return { state: "ok", found: "the CPU; there is no NVIDIA driver" };
  return {
    state: "note",
    found: "the CPU, although there is an NVIDIA driver",
    fix: isForGpus
      ? "If a GPU is to be used, look at CUDA_VISIBLE_DEVICES and the driver's version: docs/platforms.md."
      : "Run `deno task setup`, which takes the library for GPUs where there is a driver.",
  };
}
