/** What a server takes of its clients, at the most. */
export interface Limits {
  /** The size of a request's body. */
  readonly bodyBytes: number;
  /** The texts of one request. */
  readonly texts: number;
  /** The length of a text, and of the second one of a pair, in UTF-16 units. */
  readonly textLength: number;
  /** The texts that wait for a batch, of all requests together. A request that finds no room gets 429. */
  readonly queue: number;
  /** How many connections are open at a time. Further ones are closed at once. */
  readonly connections: number;
  /** How long a client may take to send a request's head. */
  readonly headMs: number;
  /** How long it may take to send the body. */
  readonly bodyMs: number;
  /** How long it may take to receive the answer. */
  readonly answerMs: number;
}

/** The limits of `deno task serve`. The queue has room for several requests of the largest size. */
export const defaultLimits: Limits = {
  bodyBytes: 2 ** 20,
  texts: 256,
  textLength: 50_000,
  queue: 1024,
  connections: 1000,
  headMs: 10_000,
  bodyMs: 20_000,
  answerMs: 20_000,
};
