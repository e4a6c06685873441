/** Looks at the machine: its system, CPU, memory and disk. */

import { statfsSync } from "node:fs";
import { cpuInstructionSets, hasBfloat16 } from "../../runtime/machine.ts";
import { detectPlatform } from "../../runtime/setup/platform.ts";
import { bytes } from "../terminal/text.ts";
import { type Check, check } from "./check.ts";

/** What the default pipeline's largest stage holds, and some room for what else runs. */
const usualMemory = 2e9;

/** What results of a few runs take. */
const usualDisk = 1e9;

/**
 * Checks the machine.
 *
 * @param toMake the room that set-up still needs, in bytes
 */
export async function machineChecks(root: string, toMake: number): Promise<readonly Check[]> {
  return [
    await check("system", () => ({ state: "ok", found: detectPlatform() })),
    await check("CPU", cpu),
    await check("memory", memory),
    await check("disk", () => disk(root, toMake)),
  ];
}

function cpu(): Omit<Check, "name"> {
  const sets = cpuInstructionSets();
  const cores = `${navigator.hardwareConcurrency} cores`;
  if (sets === "") {
    return { state: "ok", found: `${cores}; its instruction sets aren't known on this system` };
  }
  const found = `${cores}; ${sets}`;
  if (Deno.build.arch === "x86_64" && !/\bavx\b/.test(sets)) {
    return { state: "missing", found, fix: "libtensorflow needs a CPU with AVX: use another machine." };
  }
  if (hasBfloat16(sets)) return { state: "ok", found: `${found}: it computes fast in bfloat16` };
  return {
    state: "note",
    found: `${found}: it has no instructions for bfloat16, in which it is slow`,
    fix: "Run with `--set vars.precision=float32`, or write that into the pipeline file: docs/platforms.md.",
  };
}

function memory(): Omit<Check, "name"> {
  const { available, total } = Deno.systemMemoryInfo();
  const found = `${bytes(available)} of ${bytes(total)} are free`;
  if (available >= usualMemory) return { state: "ok", found };
  return {
    state: "note",
    found,
    fix: "Stages may run out of memory: `deno task pipeline plan` says how much each takes, once it has run.",
  };
}

function disk(root: string, toMake: number): Omit<Check, "name"> {
  const { bavail, bsize } = statfsSync(root);
  const free = bavail * bsize;
  const found = `${bytes(free)} free`;
  if (free < toMake) {
    return {
      state: "missing",
      found: `${found}, of which set-up needs ${bytes(toMake)}`,
      fix: "Free some space.",
    };
  }
  if (free - toMake >= usualDisk) return { state: "ok", found };
  return { state: "note", found, fix: "Free some space: `deno task pipeline gc` removes old results." };
}
