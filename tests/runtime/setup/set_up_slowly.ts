/**
 * This program for tests sets up `root` (its argument) in two slow steps, and notes each attempt in root/log.
 */

import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { placesIn } from "../../../src/runtime/setup/places.ts";
import { setUp } from "../../../src/runtime/setup/setup.ts";
import type { Step } from "../../../src/runtime/setup/step.ts";

const [root] = Deno.args;

function slowStep(name: string): Step {
  return {
    name,
    title: name,
    madeFrom: "1",
    megabytes: 1,
    requireTool: () => Promise.resolve(),
    async fill(folder) {
      appendFileSync(join(root, "log"), `${name} begun\n`);
      writeFileSync(join(folder, "file"), "half");
      await new Promise((resolve) => setTimeout(resolve, 400));
      writeFileSync(join(folder, "file"), "whole");
      appendFileSync(join(root, "log"), `${name} done\n`);
    },
  };
}

const steps = ["first", "second"].map(slowStep);
const plan = { places: placesIn(root), steps, isFinished: () => true, finish: () => Promise.resolve() };
await setUp(plan, { line: console.log, detail: () => {} });
