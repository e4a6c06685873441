/**
 * The engine converses with a stage's process: a request goes in, messages come back, and what the process
 * prints is kept in a log.
 */

import { dirname } from "node:path";
import { type Message, readLine, type Request } from "./protocol.ts";
import type { StageProcess } from "./stage_process.ts";

export type Progress = Extract<Message, { type: "progress" }>;

/** How a conversation ended. */
export type Outcome =
  | { readonly kind: "done"; readonly summary: readonly string[] }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly reason: string; readonly lastLines: readonly string[] };

/** What to have a process run, and whom to tell of it. */
export interface Conversation {
  readonly request: Request;
  /**
   * Whether the process is left running after a stage that went well, for another request. Otherwise it is
   * asked to end.
   */
  readonly keep: boolean;
  /** The log's path. */
  readonly log: string;
  /**
   * A line to write before what this attempt prints, below what attempts before it have printed. Undefined
   * for the first attempt, which starts the log anew.
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
}

const lastLineCount = 10;
const progressLogMs = 10_000;

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
    throw error;
  } finally {
    signal.removeEventListener("abort", kill);
  }
}

/** Keeps the log and passes on messages until the stage, or its process, has ended. */
async function follow(process: StageProcess, conversation: Conversation): Promise<Outcome> {
  const log = openLog(conversation.log, conversation.heading);
  const summary: string[] = [];
  let last: Message | undefined;
  const take = (line: string) => {
    const { text, message } = readLine(line);
    if (text !== undefined) log.write(text);
    if (!message) return;
    last = message;
    if (message.type === "loaded") conversation.onLoaded(message.parameters);
    if (message.type === "summary") {
      const lines = message.text.split("\n");
      lines.forEach(log.write);
      summary.push(...lines);
    }
    if (message.type === "progress") {
      log.writeProgress(message);
      conversation.onProgress(message);
    }
  };
  try {
    const isAlive = await process.follow(take, log.write);
    if (isAlive && conversation.keep && last?.type === "done") return { kind: "done", summary };
    const ending = process.end();
    await process.follow(log.write, log.write); // such as a native library's last words
    return outcomeOf(last, await ending, summary, log.lastLines);
  } finally {
    log.close();
  }
}

function outcomeOf(
  last: Message | undefined,
  status: Deno.CommandStatus,
  summary: readonly string[],
  lastLines: readonly string[],
): Outcome {
  if (last?.type === "failed") {
    return { kind: "failed", reason: last.reason, lastLines: last.explained ? [] : lastLines };
  }
  if (last?.type === "done" && status.success) return { kind: "done", summary };
  const reason = status.signal
    ? `its process was ended by ${status.signal}${
      status.signal === "SIGKILL" ? ", perhaps because memory ran out" : ""
    }`
    : `its process ended with exit code ${status.code} before the stage was done`;
  return { kind: "failed", reason, lastLines };
}

function openLog(path: string, heading: string | undefined) {
  Deno.mkdirSync(dirname(path), { recursive: true });
  const isFirst = heading === undefined;
  const file = Deno.openSync(path, {
    create: true,
    ...(isFirst ? { write: true, truncate: true } : { append: true }),
  });
  const append = (line: string) => {
    const bytes = new TextEncoder().encode(`${line}\n`);
    for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
  };
  if (!isFirst) append(heading);
  const lastLines: string[] = [];
  let loggedAt = -Infinity;
  const write = (line: string) => {
    append(line);
    lastLines.push(line);
    if (lastLines.length > lastLineCount) lastLines.shift();
  };
  const writeProgress = ({ done, total, text }: Progress) => {
    if (done < total && performance.now() - loggedAt < progressLogMs) return;
    loggedAt = performance.now();
    write(`${done}/${total} ${text}`);
  };
  return { write, writeProgress, lastLines, close: () => file.close() };
}
