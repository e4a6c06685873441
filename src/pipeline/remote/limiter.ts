/** Lets so many pieces of work go on at once; others wait for their turn. */
export interface Limiter {
  <T>(work: () => Promise<T>): Promise<T>;
}

export function limiter(atOnce: number): Limiter {
  let free = atOnce;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
