/**
 * Gathers what several clients ask at about the same time into batches, because a batch takes less time than
 * its items one by one.
 */

/** A queue of items that are worked on in batches. */
export interface Batching<Item, Result> {
  /**
   * Adds items to the queue, and returns their results in the same order.
   *
   * @param signal takes the items that are still waiting out of the queue; nobody wants their results
   * @throws {QueueFull} where there is no room for all of them
   */
  submit(items: readonly Item[], signal: AbortSignal): Promise<readonly Result[]>;
  /** Returns the number of items that wait for a batch. */
  waiting(): number;
}

/** Says that a queue has no room for as many items. */
export class QueueFull extends Error {
  override readonly name = "QueueFull";
}

export interface BatchingOptions {
  /** The most items of a batch. */
  readonly batch: number;
  /** The most items that wait. */
  readonly queue: number;
  /** How long items wait for others, where there were more items the last time. */
  readonly waitMs: number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly signal: AbortSignal;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Makes a queue. One batch is worked on at a time; what comes meanwhile waits for the next.
 *
 * Clients that are answered together are likely to ask again together. So a batch begins as soon as there are
 * as many items as the last batch had, and as waited when it was done. A lone client never waits.
 *
 * @param work returns a result for each item, in the same order; if it throws, all items of the batch fail
 */
export function batching<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
  { batch, queue: room, waitMs }: BatchingOptions,
): Batching<Item, Result> {
  let queue: Waiting<Item, Result>[] = [];
  let isWorking = false;
  let expected = 1;
  let arrived = (): void => {};

  /** Waits until as many items are there as are expected, or for as long as they are waited for. */
  function gather(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      arrived = () => {
        if (queue.length < Math.min(expected, batch)) return;
        clearTimeout(timer);
        resolve();
      };
      arrived();
    });
  }

  async function workOff(): Promise<void> {
    isWorking = true;
    while (queue.length > 0) {
      await gather();
      const items = queue.splice(0, batch);
      if (items.length === 0) break; // nobody wants them any more
      try {
        const results = await work(items.map(({ item }) => item));
        items.forEach(({ resolve }, at) => resolve(results[at]));
      } catch (error) {
        items.forEach(({ reject }) => reject(error));
      }
      expected = items.length + queue.length;
    }
    isWorking = false;
  }

  return {
    async submit(items, signal) {
      if (queue.length + items.length > room) {
        throw new QueueFull(`${queue.length} of ${room} places are taken`);
      }
      const results = items.map((item) =>
        new Promise<Result>((resolve, reject) => queue.push({ item, signal, resolve, reject }))
      );
      signal.addEventListener("abort", () => {
        const given = queue.filter((waiting) => waiting.signal === signal);
        queue = queue.filter((waiting) => waiting.signal !== signal);
        given.forEach(({ reject }) => reject(signal.reason));
      }, { once: true });
      if (isWorking) arrived();
      else workOff();
      return await Promise.all(results);
    },
    waiting: () => queue.length,
  };
}
