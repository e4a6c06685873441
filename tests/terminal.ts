/**
 * Runs command lines as they are seldom run by tests and mostly by people: on a terminal, at which somebody
 * types, and into a pipe that is closed before everything has been read.
 */

import { fileURLToPath } from "node:url";

const onTerminal = fileURLToPath(new URL("terminal.py", import.meta.url));

/** A program, with what it is started with. */
export interface Invocation {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What a terminal is sent where these keys are pressed. */
export const ctrlC = "\x03";
export const ctrlZ = "\x1a";
/** Stands among the keys for a terminal that goes away, such as a window that is closed. */
export const hangUp = null;

export interface TerminalOptions {
  /** The terminal's width. */
  readonly columns?: number;
  /** What is typed; it may wait for something before each key. */
  readonly keys?: AsyncIterable<string | null>;
}

/**
 * Runs a program on a pseudo-terminal of its own, whose foreground processes it and its children are, until
 * it ends. It is killed after two minutes.
 *
 * @returns its exit code, which is 128 plus a signal's number where that ended it, and all that was shown,
 *   with `\n` between lines
 */
export async function runOnTerminal(
  { program, args, cwd, env }: Invocation,
  { columns = 80, keys }: TerminalOptions = {},
): Promise<{ readonly code: number; readonly shown: string }> {
  const child = new Deno.Command("python3", {
    args: [onTerminal, String(columns), program, ...args],
    cwd,
    env: { TERM: "xterm", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const keyboard = child.stdin.getWriter();
  const type = async () => {
    for await (const key of keys ?? []) {
      await (key === hangUp ? keyboard.close() : keyboard.write(new TextEncoder().encode(key)));
    }
  };
  const [{ code, stdout, stderr }] = await Promise.all([child.output(), type()]);
  await keyboard.close().catch(() => {}); // it is closed already where the terminal was hung up
  const [shown, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (errors !== "") throw new Error(`terminal.py failed:\n${errors}`);
  return { code, shown: shown!.replaceAll("\r\n", "\n") };
}

/**
 * Runs a program whose output is read up to its first line and then no further, as `| head -1` does.
 *
 * @returns its exit code and what it wrote to stderr
 */
export async function runIntoClosedPipe(
  { program, args, cwd, env }: Invocation,
): Promise<{ readonly code: number; readonly errors: string }> {
  const child = new Deno.Command(program, {
    args: [...args],
    cwd,
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const readLine = async () => {
    for await (const piece of child.stdout) {
      if (piece.includes("\n".charCodeAt(0))) break; // which cancels the stream, and so closes the pipe
    }
  };
  const [{ code }, errors] = await Promise.all([child.status, new Response(child.stderr).text(), readLine()]);
  return { code, errors };
}
