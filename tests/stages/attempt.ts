/**
 * One attempt at a stage, in a process that a test can kill: `attempt.ts STAGE RUN`, where STAGE is a module's path and RUN a
 * StageRun as JSON with `timesFaster`. It prints the stage's log.
 */
import { runStage } from "./run_stage.ts";

const [path, text] = Deno.args;
const { timesFaster, ...run } = JSON.parse(text);
// The stage saves twice a minute. It isn't told otherwise here; its minutes are shorter.
const now = performance.now.bind(performance);
performance.now = () => timesFaster * now();
const { default: stage } = await import(path);
await runStage(stage, { ...run, log: console.log });
