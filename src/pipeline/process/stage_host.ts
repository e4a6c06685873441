/**
 * This is the program of a stage's own process: it reads requests, runs the stage that each asks for, and
 * tells the engine how it goes.
 */

import { setInterval } from "node:timers";
import { InputError } from "../../errors.ts";
import { loadStage } from "../graph/load.ts";
import type { StageContext } from "../stage.ts";
import { canonicalJson } from "../store/digest.ts";
import { singlePartOf } from "../store/input_parts.ts";
import { endMark, linesOf, type Message, type Request, requestSchema, writeMessage } from "./protocol.ts";

const parentCheckMs = 500;

/** Ends this process when the engine's has ended, which may have been killed without a chance to say so. */
function followParent(parent: number): void {
  // The timer is unreferenced, so that a stage that waits for what never comes ends all the same.
  setInterval(() => Deno.ppid === parent || Deno.exit(1), parentCheckMs).unref();
}

function contextOf(
  request: Request,
  parameters: Record<string, unknown>,
): StageContext<Record<string, unknown>> {
  const pathsOf = (name: string) => {
    const paths = Object.hasOwn(request.inputs, name) ? request.inputs[name] : undefined;
    if (paths) return paths;
    throw new Error(`the stage asked for the input "${name}", which this instance doesn't use`);
  };
  const pathOf = (name: string) => {
    const path = singlePartOf(pathsOf(name));
    if (path !== undefined) return path;
    throw new Error(
      `the stage asked for the input "${name}" as one, but it is several: inputs("${name}") gives them`,
    );
  };
  return {
    parameters,
    input: pathOf,
    inputs: (name) => new Map(Object.entries(pathsOf(name))),
    output: request.output,
    scratch: request.scratch,
    checkpoint: request.checkpoint,
    threads: request.threads,
    ...(request.profile === undefined ? {} : { profile: request.profile }),
    log: (line) => send(`${line}\n`),
    summary: (text) => tell({ type: "summary", text }),
    progress: (done, total, text) => tell({ type: "progress", done, total, text }),
  };
}

function tell(message: Message): void {
  send(writeMessage(message));
}

/**
 * Writes a text at once, so that a busy stage's progress shows and the process fails where the engine is
 * gone.
 */
function send(text: string, stream: Pick<typeof Deno.stdout, "writeSync"> = Deno.stdout): void {
  const bytes = new TextEncoder().encode(text);
  for (let written = 0; written < bytes.length;) written += stream.writeSync(bytes.subarray(written));
}

function failureOf(error: unknown): Message {
  const refused = error instanceof Deno.errors.NotCapable
    ? error.message.match(/^Requires (\w+) access(?: to (.*?))?,/)
    : null;
  if (refused) {
    const [, kind, target = "it"] = refused;
    const advice = kind === "read"
      ? " Declare it as an input, and name it under `needs` in the pipeline file."
      : "";
    return {
      type: "failed",
      reason: `the stage asked for ${kind} access to ${target}, which a stage doesn't have.${advice}`,
      explained: true,
    };
  }
  const reason = error instanceof Error ? error.message : String(error);
  return { type: "failed", reason, explained: error instanceof InputError };
}

/** Runs the stage that a request asks for, and tells how that ends. */
async function answer(request: Request): Promise<void> {
  try {
    // An engine that was killed may have left a process that is still at this action, and only one at a time
    // may use its checkpoint.
    using checkpoint = Deno.openSync(request.checkpoint);
    await checkpoint.lock(true);
    const stage = await loadStage(request.module);
    const parameters = stage.parameters.parse(request.parameters);
    tell({ type: "loaded", parameters: canonicalJson(parameters) });
    await stage.run(contextOf(request, parameters));
    tell({ type: "done" });
  } catch (error) {
    if (!(error instanceof InputError)) console.error(error);
    tell(failureOf(error));
  }
}

/** Answers requests until there are no more. */
async function main(): Promise<void> {
  let isFirst = true;
  for await (const [line] of linesOf(Deno.stdin.readable)) {
    if (line === undefined) continue; // only a part has come: a request can be longer than a pipe holds
    const request = requestSchema.parse(JSON.parse(line));
    if (isFirst) followParent(request.parent);
    isFirst = false;
    await answer(request);
    [Deno.stdout, Deno.stderr].forEach((stream) => send(endMark, stream));
  }
}

// Not awaited at the top level, where a stage that waits for what never comes would keep the process for
// ever.
main().then(() => Deno.exit());
