/**
 * The engine sends a stage's process requests, the first on stdin and later ones in a file, and the process
 * sends messages on stdout, where the stage prints as well. A message is a line that starts with RS (as in
 * JSON text sequences, RFC 7464) and the request's nonce, which the stage doesn't know: whatever it prints
 * belongs to its log. After each request a message on stdout and on stderr says that nothing more comes of
 * it.
 */

import { z } from "zod";
import type { PartsByInput } from "../store/input_parts.ts";

/** What a stage's process is asked to run. */
export interface Request {
  /** Random text that the messages about this request start with. */
  readonly nonce: string;
  /** URL of the stage's module. */
  readonly module: string;
  /** The files of its code, which can't be read any more once they are loaded. */
  readonly code: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The path of each input's parts. */
  readonly inputs: PartsByInput<string>;
  readonly output: string;
  readonly scratch: string;
  readonly checkpoint: string;
  readonly threads: number;
  /** The folder for a profile, if one is asked for. */
  readonly profile?: string | undefined;
  /** A file to lock, beside the checkpoint's folder, where other machines may use the checkpoint too. */
  readonly lock?: string | undefined;
  /** The file in which the next request may come. Without one, the process ends after this request. */
  readonly next?: string | undefined;
  /** The id of the engine's process; the stage's ends with it. */
  readonly parent: number;
}

export const requestSchema: z.ZodType<Request> = z.strictObject({
  nonce: z.string(),
  module: z.string(),
  code: z.array(z.string()),
  parameters: z.record(z.string(), z.unknown()),
  inputs: z.record(z.string(), z.record(z.string(), z.string())),
  output: z.string(),
  scratch: z.string(),
  checkpoint: z.string(),
  threads: z.int(),
  profile: z.string().optional(),
  lock: z.string().optional(),
  next: z.string().optional(),
  parent: z.int(),
});

const messageSchema = z.discriminatedUnion("type", [
  /** The process waits for another, of a run before, that is still at the same action. */
  z.strictObject({ type: z.literal("waiting") }),
  /**
   * The stage's modules are loaded. `parameters` is, in canonical JSON, what their schema makes of those in
   * the request.
   */
  z.strictObject({ type: z.literal("loaded"), parameters: z.string() }),
  /** `heldBytes` is the memory that the process holds now. */
  z.strictObject({
    type: z.literal("progress"),
    done: z.number(),
    total: z.number(),
    text: z.string(),
    heldBytes: z.int().nonnegative(),
  }),
  z.strictObject({ type: z.literal("summary"), text: z.string() }),
  /** The stage's `run` returned. What it began but didn't await may still be under way. */
  z.strictObject({ type: z.literal("returned") }),
  /**
   * The stage failed. `explained` says that the reason is all that there is to say; otherwise the log's last
   * lines say more.
   */
  z.strictObject({ type: z.literal("failed"), reason: z.string(), explained: z.boolean() }),
  /**
   * The stage returned, and nothing that it began is under way any more. `peakBytes` is the most memory that
   * its process has held.
   */
  z.strictObject({ type: z.literal("done"), peakBytes: z.int().nonnegative() }),
  /** Nothing more comes of the request on this stream. */
  z.strictObject({ type: z.literal("end") }),
]);

export type Message = z.output<typeof messageSchema>;

/** Returns what a request's messages start with. */
export function markOf({ nonce }: Pick<Request, "nonce">): string {
  return `\x1e${nonce}`;
}

/** Writes a message as a line of output. */
export function writeMessage(mark: string, message: Message): string {
  return `${mark}${JSON.stringify(message)}\n`;
}

/**
 * Splits a line of output into the log's part and the message, either of which may be missing. What starts
 * like a message but can't be read belongs to the log, such as progress that isn't a number.
 */
export function readLine(mark: string, line: string): { readonly text?: string; readonly message?: Message } {
  const start = line.indexOf(mark);
  if (start < 0) return { text: line };
  const [before, after] = [line.slice(0, start), line.slice(start + mark.length)];
  const message = parseMessage(after);
  if (!message) return { text: before + after };
  return start > 0 ? { text: before, message } : { message };
}

function parseMessage(text: string): Message | undefined {
  try {
    return messageSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
