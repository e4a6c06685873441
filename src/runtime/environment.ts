/**
 * Collects what the numbers that a stage computes depend on beside its inputs, its parameters and its code.
 */

import { InputError } from "../errors.ts";
import { cpuInstructionSets } from "./machine.ts";
import { placesIn } from "./setup/places.ts";
import { readStamp } from "./setup/stamp.ts";

/**
 * Returns the facts about libtensorflow and the machine that can change a result's digits, and no others: no
 * host names, no paths, no times. It takes a few milliseconds. It needs `--allow-read` for the stamp, on
 * Linux `--allow-run=head`, and with a library for GPUs `--allow-env=CUDA_VISIBLE_DEVICES`.
 *
 * @param root the project's folder
 * @throws {InputError} where `deno task setup` hasn't been run to its end
 */
export function environmentFacts(root: string): Record<string, string> {
  const { stamp } = placesIn(root);
  const tensorFlow = readStamp(stamp).tensorflow;
  if (!tensorFlow) {
    throw new InputError({
      found: `no ${stamp}`,
      expected: "the stamp that set-up writes when everything is installed",
      fix: "Run `deno task setup`.",
    });
  }
  const libraries = Object.entries(tensorFlow.files)
    .filter(([path]) => path.startsWith("lib/"))
    .map(([path, { sha256 }]) => [path.slice("lib/".length), sha256]);
  return {
    ...tensorFlow.facts,
    ...(tensorFlow.facts.device === "cuda" && hidesDevices() ? { device: "cpu" } : {}),
    ...Object.fromEntries(libraries),
    platform: `${Deno.build.os}-${Deno.build.arch}`,
    "cpu-instructions": cpuInstructionSets(),
  };
}

/**
 * Tells whether all GPUs are hidden, so that TensorFlow computes on the CPU: CUDA sees none where the first of the
 * list names none, be it `-1`, `none` or Slurm's `NoDevFiles`.
 */
function hidesDevices(): boolean {
  return !/^\s*(\d|GPU-|MIG-)/.test(Deno.env.get("CUDA_VISIBLE_DEVICES") ?? "0");
}
