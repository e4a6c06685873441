import { exitCodes } from "./exit_codes.ts";
import { tell } from "./tell.ts";

/** A terminal, or a program that passes signals on, may send several for one Ctrl-C. */
const patienceMs = 1000;

/**
 * Returns a signal that fires at the first Ctrl-C or SIGTERM, and where the terminal goes away. Another one,
 * a second later or more, ends the process at once, in case its orderly end takes too long.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  let since = Infinity;
  const interrupt = () => {
    if (!controller.signal.aborted) {
      since = performance.now();
      return controller.abort();
    }
    if (performance.now() - since < patienceMs) return;
    tell("interrupted again: ended at once");
    Deno.exit(exitCodes.interrupted);
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) Deno.addSignalListener(name, interrupt);
  return controller.signal;
}

/** Ends the process at Ctrl-C, SIGTERM, and where the terminal goes away, once `work` is done. */
export function exitWhenInterrupted(work: () => void): void {
  interruption().addEventListener("abort", () => {
    work();
    Deno.exit(exitCodes.interrupted);
  });
}
