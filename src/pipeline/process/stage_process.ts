/**
 * This is a stage's process as the engine sees it: it takes requests, and its output is told apart by
 * request.
 */

import { fileURLToPath } from "node:url";
import { writeAtomically } from "../store/atomic.ts";
import { bindToThis } from "./living.ts";
import { type OutputSink, processOutput } from "./output.ts";
import { markOf, type Request } from "./protocol.ts";

export interface ProcessStart {
  /** The project's folder. */
  readonly root: string;
  /** Deno's permission flags. */
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** A process that runs stages, one at a time. */
export interface StageProcess {
  /** Sends a request; the one before has to have ended, and to have named the file for this one. */
  send(request: Request): Promise<void>;
  /**
   * Passes on what the process prints for a request, or, without one, until it ends. Returns false where the
   * process ended before it was through with the request.
   */
  follow(request: Request | undefined, output: OutputSink, errors: OutputSink): Promise<boolean>;
  /** Resolves when the process has ended. */
  readonly ended: Promise<Deno.CommandStatus>;
  kill(): void;
}

const host = fileURLToPath(new URL("stage_host.ts", import.meta.url));

/** Starts a process that waits for requests. */
export function startProcess({ root, flags, environment }: ProcessStart): StageProcess {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...flags, host],
    cwd: root,
    clearEnv: true,
    env: environment,
    // The process is in no terminal's foreground, so that a Ctrl-C reaches the engine alone, which ends its
    // stages by itself.
    detached: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  bindToThis(child);
  const [output, errors] = [processOutput(child.stdout), processOutput(child.stderr)];
  let next: string | undefined;
  return {
    async send(request) {
      const text = JSON.stringify(request);
      if (next === undefined) await sendFirst(child.stdin, text);
      else writeAtomically(next, text);
      next = request.next;
    },
    async follow(request, onOutput, onErrors) {
      const mark = request && markOf(request);
      const [first, second] = await Promise.all([
        output.follow(mark, onOutput),
        errors.follow(mark, onErrors),
      ]);
      return first && second;
    },
    ended: child.status,
    kill() {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended already.
      }
    },
  };
}

/** Ends a process that waits for another request, or whose work is worth nothing. */
export async function endProcess(process: StageProcess): Promise<void> {
  process.kill();
  await process.ended;
}

/** Writes the first request and closes stdin: a stage that reads from there finds the end at once. */
async function sendFirst(stdin: WritableStream<Uint8Array>, text: string): Promise<void> {
  const writer = stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch {
    // The process has ended before it read the request, and its exit code says so.
  }
}
