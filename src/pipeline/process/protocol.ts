/**
 * The engine sends a stage's process requests, each in a line on stdin, and the process sends messages on
 * stdout. A message is a line that starts with RS (as in JSON text sequences, RFC 7464); every other line
 * belongs to the stage's log. After each request a mark on stdout and on stderr says that nothing more comes
 * of it.
 */

import { z } from "zod";
import type { PartsByInput } from "../store/input_parts.ts";

/** What a stage's process is asked to run. */
export interface Request {
  /** URL of the stage's module. */
  readonly module: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The path of each input's parts. */
  readonly inputs: PartsByInput<string>;
  readonly output: string;
  readonly scratch: string;
  readonly checkpoint: string;
  readonly threads: number;
  /** The folder for a profile, if one is asked for. */
  readonly profile?: string | undefined;
  /** The id of the engine's process; the stage's ends with it. */
  readonly parent: number;
}

export const requestSchema: z.ZodType<Request> = z.strictObject({
  module: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  inputs: z.record(z.string(), z.record(z.string(), z.string())),
  output: z.string(),
  scratch: z.string(),
  checkpoint: z.string(),
  threads: z.int(),
  profile: z.string().optional(),
  parent: z.int(),
});

const messageSchema = z.discriminatedUnion("type", [
  /**
   * The stage's modules are loaded. `parameters` is, in canonical JSON, what their schema makes of those in
   * the request.
   */
  z.strictObject({ type: z.literal("loaded"), parameters: z.string() }),
  z.strictObject({ type: z.literal("progress"), done: z.number(), total: z.number(), text: z.string() }),
  z.strictObject({ type: z.literal("summary"), text: z.string() }),
  /**
   * The stage failed. `explained` says that the reason is all that there is to say; otherwise the log's last
   * lines say more.
   */
  z.strictObject({ type: z.literal("failed"), reason: z.string(), explained: z.boolean() }),
  z.strictObject({ type: z.literal("done") }),
]);

export type Message = z.output<typeof messageSchema>;

const recordSeparator = "\x1e";

/** Writes a message as a line of output. */
export function writeMessage(message: Message): string {
  return `${recordSeparator}${JSON.stringify(message)}\n`;
}

/** The line that ends a request's output. */
export const endMark = `${recordSeparator}end\n`;

/**
 * Says whether a line ends a request's output, and returns what stands before the mark, so that it isn't
 * lost.
 */
export function readEnd(line: string): { readonly isEnd: boolean; readonly rest: string } {
  const isEnd = line.endsWith(endMark.trimEnd());
  return { isEnd, rest: isEnd ? line.slice(0, 1 - endMark.length) : line };
}

/**
 * Yields a stream's lines, as many at once as have come together, and at the end a last line without a line
 * break.
 */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<readonly string[], void> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const piece of stream) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield lines;
  }
  if (rest !== "") yield [rest];
}

/** Splits a line of output into the log's part and the message, either of which may be missing. */
export function readLine(line: string): { readonly text?: string; readonly message?: Message } {
  const start = line.indexOf(recordSeparator);
  const message = start < 0 ? undefined : parseMessage(line.slice(start + 1));
  if (!message) return { text: line };
  return start > 0 ? { text: line.slice(0, start), message } : { message };
}

function parseMessage(text: string): Message | undefined {
  try {
    return messageSchema.parse(JSON.parse(text));
  } catch {
    return undefined; // the line holds an RS, but is no message: it belongs to the log
  }
}
