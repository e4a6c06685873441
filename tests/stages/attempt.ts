/**
 * Makes one attempt at a stage, in a process that a test can kill, and prints its log: `attempt.ts STAGE
 * RUN`, where STAGE is a module's path and RUN a StageRun as JSON with `timesFaster`.
 */
import { runStage } from "./run_stage.ts";

const [path, text] = Deno.args;
const { timesFaster, ...run } = JSON.parse(text);
// The stage saves its state twice a minute, as always, but its clock runs faster.
const now = performance.now.bind(performance);
performance.now = () => timesFaster * now();
const { default: stage } = await import(path);
await runStage(stage, { ...run, log: console.log });
