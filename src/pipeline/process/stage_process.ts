/**
 * This is a stage's process as the engine sees it: it takes requests, and its output is told apart by
 * request.
 */

import { fileURLToPath } from "node:url";
import { linesOf, readEnd, type Request } from "./protocol.ts";

export interface ProcessStart {
  /** The project's folder. */
  readonly root: string;
  /** Deno's permission flags. */
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** A process that runs stages, one at a time. */
export interface StageProcess {
  /** Sends a request; the one before has to have ended. */
  send(request: Request): Promise<void>;
  /**
   * Passes on what the process prints for a request. Returns false where the process ended before it was
   * through with the request.
   */
  follow(onOutput: (line: string) => void, onErrors: (line: string) => void): Promise<boolean>;
  /** Lets the process end, since there are no more requests. */
  end(): Promise<Deno.CommandStatus>;
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
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const requests = child.stdin.getWriter();
  const [output, errors] = [linesOf(child.stdout), linesOf(child.stderr)];
  return {
    send: (request) =>
      // Where this fails, the process has ended before it read the request, and its exit code says so.
      requests.write(new TextEncoder().encode(`${JSON.stringify(request)}\n`)).catch(() => {}),
    async follow(onOutput, onErrors) {
      const [first, second] = await Promise.all([untilEnd(output, onOutput), untilEnd(errors, onErrors)]);
      return first && second;
    },
    async end() {
      await requests.close().catch(() => {});
      return await child.status;
    },
    kill: () => child.kill("SIGKILL"),
  };
}

/**
 * Passes on lines until one says that a request has ended. Returns false where the stream ends before that.
 */
async function untilEnd(
  pieces: AsyncIterator<readonly string[]>,
  take: (line: string) => void,
): Promise<boolean> {
  for (let piece = await pieces.next(); !piece.done; piece = await pieces.next()) {
    for (const line of piece.value) {
      const { isEnd, rest } = readEnd(line);
      if (!isEnd || rest !== "") take(rest);
      if (isEnd) return true; // nothing follows until the next request
    }
  }
  return false;
}
