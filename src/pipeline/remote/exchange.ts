/** One request and its answer, whatever the other side does: stays silent, never ends, or goes away. */

import { createReadStream } from "node:fs";
import { type Agent, type ClientRequest, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { once } from "node:events";
import type { Digest } from "../store/digest.ts";
import type { CachePlace } from "./place.ts";
import { UnfitEntry } from "./trouble.ts";

/** What a request sends: some bytes, or a file, which may be larger than the memory. */
export interface Content {
  readonly digest: Digest;
  /** In bytes. */
  readonly size: number;
  readonly from: Uint8Array | { readonly file: string };
}

export interface Question {
  readonly method: "GET" | "HEAD" | "PUT";
  readonly url: URL;
  readonly content?: Content;
}

export interface Answer {
  readonly status: number;
  header(name: string): string | undefined;
  /** Reads the body, of which there may be at most so many bytes. @throws {UnfitEntry} where there are more */
  pieces(mostBytes: number): AsyncIterable<Uint8Array>;
}

export interface ExchangeOptions {
  readonly place: CachePlace;
  readonly agent: Agent;
  readonly signal: AbortSignal;
  /** A connection on which hardly anything moves for so many milliseconds counts as broken. */
  readonly patienceMs: number;
}

/** The bytes that have to move while patience lasts, so that a trickle doesn't hold a run up for ever. */
const leastMoved = 16 * 1024;

/** Says that a connection broke off or was too slow. */
export class BrokenExchange extends Error {
  override readonly name = "BrokenExchange";
}

/**
 * Asks once, and gives the answer to `take`; neither redirections nor a proxy are followed.
 *
 * @throws {BrokenExchange} where no whole answer came, or it was too slow
 * @throws the signal's reason, where it was aborted
 */
export async function exchange<T>(
  { method, url, content }: Question,
  { place, agent, signal, patienceMs }: ExchangeOptions,
  take: (answer: Answer) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const headers: Record<string, string | number> = {
    ...Object.fromEntries(await place.authorization(method, url, content?.digest)),
    "user-agent": "calibrant",
    ...(content ? { "content-length": content.size, "content-type": "application/octet-stream" } : {}),
  };
  const request = (url.protocol === "https:" ? requestHttps : requestHttp)(url, { method, headers, agent });
  const answered = Promise.withResolvers<IncomingMessage>();
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => {}); // the race below tells it, if it is still under way
  answered.promise.catch(() => {});
  request.on("response", answered.resolve);
  request.on("error", (error) => answered.reject(new BrokenExchange(error.message)));
  const abort = () => ended.reject(signal.reason);
  signal.addEventListener("abort", abort);
  let moved = 0;
  const timer = setInterval(() => {
    if (moved < leastMoved) ended.reject(new BrokenExchange("hardly anything moved for too long"));
    moved = 0;
  }, patienceMs);
  let isWhole = false;
  const converse = async () => {
    const sent = content ? send(request, content, (bytes) => moved += bytes) : Promise.resolve();
    if (!content) request.end();
    sent.catch(answered.reject); // a refusal may come before all is sent, and counts for more than a broken sending
    const message = await answered.promise;
    message.on("error", () => {}); // who reads the body is told; an error that nobody is told would end the process
    const taken = await take({
      status: message.statusCode ?? 0,
      header: (name) => [message.headers[name]].flat()[0],
      pieces: (mostBytes) => piecesOf(message, mostBytes, (bytes) => moved += bytes),
    });
    isWhole = message.complete && request.writableFinished;
    return taken;
  };
  try {
    return await Promise.race([converse(), ended.promise]);
  } finally {
    clearInterval(timer);
    signal.removeEventListener("abort", abort);
    if (!isWhole) request.destroy();
  }
}

async function send(
  request: ClientRequest,
  { from }: Content,
  onMoved: (bytes: number) => void,
): Promise<void> {
  const pieces = from instanceof Uint8Array
    ? [from]
    : createReadStream(from.file, { highWaterMark: 2 ** 18 });
  for await (const piece of pieces) {
    if (request.destroyed) throw new BrokenExchange("the connection was closed");
    if (!request.write(piece)) await once(request, "drain");
    onMoved(piece.length);
  }
  request.end();
}

async function* piecesOf(
  message: IncomingMessage,
  mostBytes: number,
  onMoved: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const piece of message) {
      bytes += piece.length;
      if (bytes > mostBytes) throw new UnfitEntry(`more than the ${mostBytes} bytes that it is to have`);
      onMoved(piece.length);
      yield piece;
    }
  } catch (error) {
    if (error instanceof UnfitEntry) throw error;
    throw new BrokenExchange(error instanceof Error ? error.message : String(error));
  }
  if (!message.complete) throw new BrokenExchange("the answer broke off");
}
