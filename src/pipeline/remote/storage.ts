/**
 * The storage of a remote cache is what Bazel's HTTP protocol has: entries for actions at `ac/<key>`, and files
 * at `cas/<sha256>`. A bucket of S3 has the same layout. Nothing is ever listed.
 */

import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { rootCertificates } from "node:tls";
import { type ActionKey, actionKeySchema, type Digest, digestSchema } from "../store/digest.ts";
import { type Answer, BrokenExchange, type Content, exchange, type Question } from "./exchange.ts";
import { limiter } from "./limiter.ts";
import type { CachePlace } from "./place.ts";
import { CacheUnavailable, UnfitEntry } from "./trouble.ts";

declare const pathBrand: unique symbol;

/** Where something lies in a cache. */
export type StoragePath = string & { readonly [pathBrand]: true };

export function entryPath(key: ActionKey): StoragePath {
  return `ac/${actionKeySchema.parse(key)}` as StoragePath;
}

export function filePath(digest: Digest): StoragePath {
  return `cas/${digestSchema.parse(digest)}` as StoragePath;
}

export interface Storage extends Disposable {
  readonly place: CachePlace;
  /**
   * Gives what lies at a path to `receive`, which is called again where the connection broke off. Returns
   * undefined where nothing lies there.
   *
   * @param mostBytes how much it may be
   * @throws {UnfitEntry} where it is more
   */
  get<T>(
    path: StoragePath,
    mostBytes: number,
    receive: (pieces: AsyncIterable<Uint8Array>) => Promise<T>,
  ): Promise<T | undefined>;
  /** Says whether something of this size lies at a path, as far as the cache tells. */
  has(path: StoragePath, size: number): Promise<boolean>;
  /** Puts something at a path. @throws {UnfitEntry} where the cache doesn't take anything as large */
  put(path: StoragePath, content: Content): Promise<void>;
}

export interface StorageOptions {
  /** Ends what is under way when it fires; its reason is thrown then. */
  readonly signal: AbortSignal;
  /** See `ExchangeOptions`. */
  readonly patienceMs?: number;
  /** The waits before the second try, the third and so on, in milliseconds. */
  readonly waitsMs?: readonly number[];
}

const atOnce = 8; // requests
const passingStatuses = [408, 429, 500, 502, 503, 504];
const longestWaitMs = 20_000;
const longestExplanation = 64 * 1024; // bytes of an error's body that are read

/**
 * Opens a cache's storage. All its methods throw `CacheUnavailable` where the cache doesn't serve, after some
 * tries where that may pass.
 */
export function openStorage(
  place: CachePlace,
  { signal, patienceMs = 15_000, waitsMs = [500, 2000] }: StorageOptions,
): Storage {
  const agent = agentFor(place);
  const inTurn = limiter(atOnce);
  let unavailable: CacheUnavailable | undefined;

  /** Asks, more than once where that may help, until `take` returns something for an answer. */
  async function ask<T>(
    method: Question["method"],
    path: StoragePath,
    take: (answer: Answer) => Promise<T>,
    content?: Content,
  ): Promise<T> {
    const question = { method, url: new URL(path, place.base), ...(content ? { content } : {}) };
    for (let tries = 0;; tries++) {
      try {
        if (unavailable) throw unavailable; // no other request would fare better
        return await exchange(question, { place, agent, signal, patienceMs }, take);
      } catch (error) {
        const passing = error instanceof PassingAnswer || error instanceof BrokenExchange ? error : undefined;
        if (!passing) throw error;
        const waitMs = Math.max(
          waitsMs[tries] ?? Infinity,
          error instanceof PassingAnswer ? error.waitMs : 0,
        );
        if (waitMs > longestWaitMs) throw unavailable ??= unavailableBecause(passing.message);
        await pause(waitMs, signal);
      }
    }
  }

  function unavailableBecause(reason: string): CacheUnavailable {
    return new CacheUnavailable(`${place.name} doesn't serve (${reason})`);
  }

  async function failureOf(answer: Answer): Promise<Error> {
    const code = await codeIn(answer);
    const said = `it answers ${answer.status}${code === undefined ? "" : ` ${code}`}`;
    if (passingStatuses.includes(answer.status)) return new PassingAnswer(said, waitOf(answer));
    return unavailableBecause(said);
  }

  return {
    place,
    get: (path, mostBytes, receive) =>
      inTurn(() =>
        ask("GET", path, async (answer) => {
          if (answer.status === 200) return await receive(answer.pieces(mostBytes));
          if (answer.status !== 404) throw await failureOf(answer);
          const code = await codeIn(answer);
          if (code === "NoSuchBucket") throw unavailableBecause(`it answers 404 ${code}`);
          return undefined;
        })
      ),
    has: (path, size) =>
      inTurn(() =>
        ask("HEAD", path, async (answer) => {
          await codeIn(answer);
          if (answer.status === 200) return answer.header("content-length") === String(size);
          if ([404, 405, 501].includes(answer.status)) return false;
          throw await failureOf(answer);
        })
      ),
    put: (path, content) =>
      inTurn(() =>
        ask("PUT", path, async (answer) => {
          if (answer.status === 413) throw new UnfitEntry(`it takes no file of ${content.size} bytes`);
          if (answer.status < 200 || answer.status > 299) throw await failureOf(answer);
          await codeIn(answer);
        }, content)
      ),
    [Symbol.dispose]: () => agent.destroy(),
  };
}

/** Makes what keeps connections open between requests. */
function agentFor({ base, certificates }: CachePlace): HttpAgent {
  const options = { keepAlive: true, maxSockets: atOnce };
  if (base.protocol !== "https:") return new HttpAgent(options);
  const own = certificates === undefined ? [] : [Deno.readTextFileSync(certificates)];
  return new HttpsAgent({ ...options, ca: [...rootCertificates, ...own] });
}

/** An answer that may be another one a moment later. */
class PassingAnswer extends Error {
  constructor(message: string, readonly waitMs: number) {
    super(message);
  }
}

/** Returns how long an answer asks to wait, in milliseconds. */
function waitOf(answer: Answer): number {
  const seconds = Number(answer.header("retry-after") ?? NaN);
  return Number.isNaN(seconds) ? 0 : Math.max(0, seconds * 1000);
}

/**
 * Reads the body of an answer that holds nothing of the cache's, so that the connection can be used again.
 * Returns S3's name for what is wrong, if it is one.
 */
async function codeIn(answer: Answer): Promise<string | undefined> {
  let text = "";
  const decoder = new TextDecoder();
  try {
    for await (const piece of answer.pieces(longestExplanation)) {
      text += decoder.decode(piece, { stream: true });
    }
  } catch {
    // What can't be read explains nothing.
  }
  return text.match(/<Code>([A-Za-z]{1,60})<\/Code>/)?.[1];
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  const timer = setTimeout(resolve, milliseconds);
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  });
}
