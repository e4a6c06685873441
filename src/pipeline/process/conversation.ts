/**
 * The engine converses with a stage's process: a request goes in, messages come back, and what the process
 * prints is kept in a log.
 */

import { dirname } from "node:path";
import { oddityAt } from "../store/atomic.ts";
import { stoppedLine } from "../store/logs.ts";
import type { OutputSink } from "./output.ts";
import type { Message, Request } from "./protocol.ts";
import type { StageProcess } from "./stage_process.ts";
import { writeAll } from "../../write_all.ts";

export type Progress = Extract<Message, { type: "progress" }>;

/** How a conversation ended. */
export type Outcome =
  | { readonly kind: "done"; readonly summary: readonly string[]; readonly peakBytes: number }
  | { readonly kind: "stopped" }
  | {
    readonly kind: "failed";
    readonly reason: string;
    readonly lastLines: readonly string[];
    /** What ended its process, where that was a signal. */
    readonly signal?: Deno.Signal;
  };

/** What to have a process run, and whom to tell of it. */
export interface Conversation {
  /** Where it names a file for the next one, the process is left running after a stage that went well. */
  readonly request: Request;
  /** The log's path. */
  readonly log: string;
  /**
   * A line to write before what this attempt prints, below what attempts before it have printed. Undefined
   * for an attempt that has nothing to do with those before, and starts the log anew.
   */
  readonly heading: string | undefined;
  /** Ends the conversation, and the process, when it fires. */
  readonly signal: AbortSignal;
  /**
   * Called when the stage's modules have been loaded, with the parameters as their schema reads them, in
   * canonical JSON.
   */
  onLoaded(parameters: string): void;
  onProgress(progress: Progress): void;
  /** Called where a process of a run that was killed still works at the same action. */
  onWait(): void;
}

const lastLineCount = 10;
const lastLineLength = 500; // characters
const progressLogMs = 10_000;
/** How long what a stage began and didn't await may go on after its return. */
const unawaitedMs = 10_000;

/**
 * Has the process run a stage until the stage ends. When the signal fires, the process is killed, since what
 * it has staged is worth nothing then.
 */
export async function converse(process: StageProcess, conversation: Conversation): Promise<Outcome> {
  const { request, signal } = conversation;
  const kill = () => process.kill();
  signal.addEventListener("abort", kill);
  if (signal.aborted) kill();
  try {
    const [outcome] = await Promise.all([follow(process, conversation), process.send(request)]);
    return signal.aborted ? { kind: "stopped" } : outcome;
  } catch (error) {
    kill(); // its output can't be kept, and it would wait for ever for another request or for a reader
    await process.ended; // or else it might still write where its folder is removed
    throw error;
  } finally {
    signal.removeEventListener("abort", kill);
  }
}

/** Keeps the log and passes on messages until the stage, or its process, has ended. */
async function follow(process: StageProcess, conversation: Conversation): Promise<Outcome> {
  const { request } = conversation;
  const log = openLog(conversation.log, conversation.heading);
  const summary: string[] = [];
  let ending: Ending | undefined;
  let patience: ReturnType<typeof setTimeout> | undefined;
  const giveUp = () => {
    if (ending?.type !== "failed") ending = { type: "failed", reason: unawaited, explained: true };
    process.kill();
  };
  const onMessage = (message: Message) => {
    if (message.type === "waiting") conversation.onWait();
    if (message.type === "loaded") conversation.onLoaded(message.parameters);
    if (message.type === "summary") {
      const lines = message.text.split("\n");
      log.write(lines);
      summary.push(...lines);
    }
    if (message.type === "progress") {
      log.writeProgress(message);
      conversation.onProgress(message);
    }
    if (message.type === "done" || message.type === "failed") ending ??= message;
    if (message.type === "returned" || message.type === "failed") {
      patience ??= setTimeout(giveUp, unawaitedMs);
    }
  };
  const sink: OutputSink = { onLines: log.write, onMessage };
  try {
    const isAlive = await process.follow(request, sink, sink);
    if (isAlive && request.next !== undefined) {
      if (ending?.type === "done") return doneWith(ending, summary);
      process.kill(); // it would wait for another request
    }
    await process.follow(undefined, sink, sink); // such as a native library's last words
    return outcomeOf(ending, await process.ended, summary, log.lastLines);
  } finally {
    clearTimeout(patience);
    if (conversation.signal.aborted) log.write([stoppedLine]);
    log.close();
  }
}

/** What a process says last of a stage. */
type Ending = Extract<Message, { type: "done" | "failed" }>;

const unawaited =
  `it returned, but ${unawaitedMs / 1000} s later something that it had begun was still under ` +
  "way: await every promise, and end timers, workers and connections before `run` returns";

function outcomeOf(
  ending: Ending | undefined,
  status: Deno.CommandStatus,
  summary: readonly string[],
  lastLines: readonly string[],
): Outcome {
  if (ending?.type === "failed") {
    return { kind: "failed", reason: ending.reason, lastLines: ending.explained ? [] : lastLines };
  }
  if (ending && status.success) return doneWith(ending, summary);
  const reason = status.signal
    ? `its process was ended by ${status.signal}${
      status.signal === "SIGKILL" ? ", perhaps because memory ran out" : ""
    }`
    : `its process ended with exit code ${status.code} before the stage was done`;
  return { kind: "failed", reason, lastLines, ...(status.signal && { signal: status.signal }) };
}

function doneWith({ peakBytes }: Extract<Ending, { type: "done" }>, summary: readonly string[]): Outcome {
  return { kind: "done", summary, peakBytes };
}

function openLog(path: string, heading: string | undefined) {
  Deno.mkdirSync(dirname(path), { recursive: true });
  const oddity = oddityAt(path);
  if (oddity !== undefined) throw new Error(`${oddity} is in the place of its log, ${path}`);
  if (heading === undefined) Deno.writeTextFileSync(path, "");
  // A process of a run before may still write to it, behind what is written here and not over it.
  const file = Deno.openSync(path, { create: true, append: true });
  const append = (text: string) => writeAll(file, text);
  if (heading !== undefined) append(`${heading}\n`);
  const lastLines: string[] = [];
  let loggedAt = -Infinity;
  const write = (lines: readonly string[]) => {
    append(lines.map((line) => `${line}\n`).join(""));
    lastLines.push(...lines.slice(-lastLineCount).map(cut));
    lastLines.splice(0, lastLines.length - lastLineCount);
  };
  const writeProgress = ({ done, total, text }: Progress) => {
    if (done < total && performance.now() - loggedAt < progressLogMs) return;
    loggedAt = performance.now();
    write([`${done}/${total} ${text}`]);
  };
  return { write, writeProgress, lastLines, close: () => file.close() };
}

function cut(line: string): string {
  return line.length <= lastLineLength ? line : `${line.slice(0, lastLineLength)}…`;
}
