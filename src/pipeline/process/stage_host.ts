/**
 * This is the program of a stage's own process: it reads requests, runs the stage that each asks for, and
 * tells the engine how it goes.
 */

import process from "node:process";
import { InputError } from "../../errors.ts";
import { loadStage } from "../graph/load.ts";
import type { StageContext } from "../stage.ts";
import { readIfThere } from "../store/atomic.ts";
import { canonicalJson } from "../store/canonical_json.ts";
import { singlePartOf } from "../store/input_parts.ts";
import { markOf, type Message, type Request, requestSchema, writeMessage } from "./protocol.ts";

const parentCheckMs = 500;
// Between two looks for another request: most come at once, and a process that has long waited looks seldom.
const shortestPauseMs = 1;
const longestPauseMs = 20;

// These are bound before a stage is loaded, which may replace them on its side.
const writeOutput = Deno.stdout.writeSync.bind(Deno.stdout);
const writeErrors = Deno.stderr.writeSync.bind(Deno.stderr);
const memoryUsage = Deno.memoryUsage.bind(Deno);

/** Ends this process when the engine's has ended, which may have been killed without a chance to say so. */
function followParent(parent: number): void {
  // The timer is unreferenced, so that a stage that waits for what never comes ends all the same.
  Deno.unrefTimer(setInterval(() => Deno.ppid === parent || Deno.exit(1), parentCheckMs));
}

function contextOf(
  request: Request,
  parameters: Record<string, unknown>,
  tell: (message: Message) => void,
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
    progress(done, total, text) {
      tell({ type: "progress", done, total, text, heldBytes: memoryUsage().rss });
    },
  };
}

/**
 * Writes a text at once, so that a busy stage's progress shows and the process fails where the engine is
 * gone.
 */
function send(text: string, write = writeOutput): void {
  const bytes = new TextEncoder().encode(text);
  for (let written = 0; written < bytes.length;) written += write(bytes.subarray(written));
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

/** Lets the stage see as many cores as the threads that it may use, since these are in its key. */
function limitMachine(threads: number): void {
  Object.defineProperty(navigator, "hardwareConcurrency", { value: threads, configurable: true });
}

/** A request that is being worked at. */
interface Turn {
  readonly request: Request;
  hasReturned: boolean;
}

let turn: Turn | undefined;

/** Runs the stage that a request asks for. What it leaves under way may go on when this returns. */
async function begin(request: Request): Promise<void> {
  const current: Turn = { request, hasReturned: false };
  turn = current;
  const mark = markOf(request);
  const tell = (message: Message) => send(writeMessage(mark, message));
  try {
    // An engine that was killed may have left a process that is still at this action, and only one at a time
    // may use its checkpoint.
    using checkpoint = Deno.openSync(request.checkpoint);
    // Over NFS, the lock of a folder holds on one machine only.
    using file = request.lock === undefined
      ? undefined
      : Deno.openSync(request.lock, { read: true, write: true });
    for (const lock of file ? [checkpoint, file] : [checkpoint]) {
      if (lock.tryLockSync(true)) continue;
      tell({ type: "waiting" });
      await lock.lock(true);
    }
    limitMachine(request.threads);
    const stage = await loadStage(request.module);
    // The key covers what code does, and not its comments.
    for (const path of request.code) Deno.permissions.revokeSync({ name: "read", path });
    const parameters = stage.parameters.parse(request.parameters);
    tell({ type: "loaded", parameters: canonicalJson(parameters) });
    await stage.run(contextOf(request, parameters, tell));
    current.hasReturned = true;
    tell({ type: "returned" });
  } catch (error) {
    if (!(error instanceof InputError)) console.error(error);
    end(current, failureOf(error));
    Deno.exit(); // with whatever is under way, since nothing of it is kept
  }
}

/** Tells how a request ended, and that nothing more comes of it. */
function end({ request }: Turn, ending: Message): void {
  const mark = markOf(request);
  send(writeMessage(mark, ending));
  send(writeMessage(mark, { type: "end" }));
  send(writeMessage(mark, { type: "end" }), writeErrors);
}

/** Reads the first request, which is all that comes on stdin. */
function readFirst(): Request | undefined {
  const decoder = new TextDecoder();
  const piece = new Uint8Array(1 << 16);
  let text = "";
  for (let count = Deno.stdin.readSync(piece); count !== null; count = Deno.stdin.readSync(piece)) {
    text += decoder.decode(piece.subarray(0, count), { stream: true });
  }
  return text === "" ? undefined : requestSchema.parse(JSON.parse(text)); // the engine has ended before it asked
}

/** Waits for the file in which the next request comes, and takes it. */
function readNext(file: string, parent: number): Request {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (let pauseMs = shortestPauseMs;; pauseMs = Math.min(1.1 * pauseMs, longestPauseMs)) {
    const text = readIfThere(file);
    if (text !== undefined) {
      Deno.removeSync(file);
      return requestSchema.parse(JSON.parse(text));
    }
    if (Deno.ppid !== parent) Deno.exit(1);
    Atomics.wait(clock, 0, 0, pauseMs);
  }
}

/**
 * Ends the request that is worked at, and begins another where one may come. This is called when nothing is
 * under way in this process any more: all that the stage began has ended, or, where the stage hasn't
 * returned, it waits for what never comes.
 */
function goOn(event: Event): void {
  if (!turn) return;
  const { hasReturned, request: { next, parent } } = turn;
  const peakBytes = 1024 * process.resourceUsage().maxRSS;
  end(
    turn,
    hasReturned ? { type: "done", peakBytes } : { type: "failed", reason: waitsForEver, explained: true },
  );
  if (next === undefined || !hasReturned) Deno.exit();
  event.preventDefault(); // the process lives on
  begin(readNext(next, parent));
}

const waitsForEver =
  "it waits for what never comes: `run` awaits a promise, but nothing is under way any more " +
  "that could settle it";

const first = readFirst();
if (first) {
  followParent(first.parent);
  addEventListener("beforeunload", goOn);
  begin(first);
}
