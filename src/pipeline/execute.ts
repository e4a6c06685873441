/** Runs one stage in a process of its own and keeps what it prints. */

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { type Message, readLine, type Request } from "./protocol.ts";

export type Progress = Extract<Message, { type: "progress" }>;

export type Outcome =
  | { readonly kind: "done"; readonly summary: readonly string[] }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly reason: string; readonly lastLines: readonly string[] };

export interface Execution {
  readonly root: string;
  readonly request: Request;
  /** Deno's permission flags. */
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly log: string;
  /** A line that goes before this attempt's in the log, which keeps those of the attempts before; undefined for the first. */
  readonly heading?: string;
  readonly signal: AbortSignal;
  /** Called when the stage's modules have been read, with canonical JSON of the parameters as they parse them. */
  onLoaded(parameters: string): void;
  onProgress(progress: Progress): void;
}

const host = fileURLToPath(new URL("stage_host.ts", import.meta.url));
const lastLineCount = 10;
const progressLogMs = 10_000;

/** Runs a stage until it ends, or kills it when the signal fires: what it has staged is worth nothing then. */
export async function execute(execution: Execution): Promise<Outcome> {
  const { root, request, flags, environment, signal } = execution;
  if (signal.aborted) return { kind: "stopped" };
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...flags, host],
    cwd: root,
    clearEnv: true,
    env: environment,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const kill = () => child.kill("SIGKILL");
  signal.addEventListener("abort", kill);
  try {
    const [outcome] = await Promise.all([follow(child, execution), sendRequest(child, request)]);
    return signal.aborted ? { kind: "stopped" } : outcome;
  } finally {
    signal.removeEventListener("abort", kill);
  }
}

async function sendRequest(child: Deno.ChildProcess, request: Request): Promise<void> {
  const writer = child.stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(JSON.stringify(request)));
    await writer.close();
  } catch {
    // It ended before it read its request; its exit code tells.
  }
}

/** Keeps the log and passes on messages until the process has ended. */
async function follow(child: Deno.ChildProcess, execution: Execution): Promise<Outcome> {
  const log = openLog(execution.log, execution.heading);
  const summary: string[] = [];
  let last: Message | undefined;
  const take = (line: string) => {
    const { text, message } = readLine(line);
    if (text !== undefined) log.write(text);
    if (!message) return;
    last = message;
    if (message.type === "loaded") execution.onLoaded(message.parameters);
    if (message.type === "summary") {
      const lines = message.text.split("\n");
      lines.forEach(log.write);
      summary.push(...lines);
    }
    if (message.type === "progress") {
      log.writeProgress(message);
      execution.onProgress(message);
    }
  };
  try {
    await Promise.all([readLines(child.stdout, take), readLines(child.stderr, log.write)]);
    return outcomeOf(last, await child.status, summary, log.lastLines);
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
      status.signal === "SIGKILL" ? ", perhaps for want of memory" : ""
    }`
    : `its process ended with exit code ${status.code} before the stage was done`;
  return { kind: "failed", reason, lastLines };
}

async function readLines(stream: ReadableStream<Uint8Array>, take: (line: string) => void): Promise<void> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const piece of stream) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(take);
  }
  if (rest !== "") take(rest);
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
