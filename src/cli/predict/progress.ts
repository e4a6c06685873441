/** How far predicting is, in one line on stderr that is redrawn in place, if that is a terminal. */

import { formatCount } from "../../report/format.ts";
import { duration } from "../terminal/text.ts";

export interface Progress {
  /** Counts texts that were predicted. */
  add(texts: number): void;
  /** Tells which share of the input has been written, where that is known. */
  at(share: number | undefined): void;
  /** Takes the line away, so that something else can be printed. */
  clear(): void;
  /** Says how many texts it were, and how fast: `1,753 texts in 1.21 s, 1,449 texts/s`. */
  summary(): string;
}

const redrawMs = 200;

export function openProgress(): Progress {
  const isTerminal = Deno.stderr.isTerminal();
  const start = performance.now();
  let [texts, share, drawnAt] = [0, undefined as number | undefined, -Infinity];
  const seconds = () => (performance.now() - start) / 1000;
  const speed = () => `${formatCount(Math.round(texts / Math.max(seconds(), 1e-3)))} texts/s`;
  const counted = () => `${formatCount(texts)} ${texts === 1 ? "text" : "texts"}`;
  const write = (text: string) => {
    if (!isTerminal) return;
    try {
      Deno.stderr.writeSync(new TextEncoder().encode(text));
    } catch {
      // The terminal has gone away; answers are written all the same.
    }
  };
  const draw = () => {
    drawnAt = performance.now();
    const left = share ? `, ${duration(seconds() * (1 - share) / share)} left` : "";
    write(`\r\x1b[K${counted()}, ${speed()}${left}`);
  };
  return {
    add(more) {
      texts += more;
      if (performance.now() - drawnAt >= redrawMs) draw();
    },
    at(now) {
      share = now;
      draw();
    },
    clear: () => write("\r\x1b[K"),
    summary: () => `${counted()} in ${duration(seconds())}, ${speed()}`,
  };
}
