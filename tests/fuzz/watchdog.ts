/** Ends the tests where a reader never comes back, which no timer of its own thread would notice. */

const longest = 30_000; // milliseconds

const source = `
  let timer;
  onmessage = ({ data: { what, pid } }) => {
    clearTimeout(timer);
    if (what === undefined) return;
    timer = setTimeout(() => {
      console.error("no end after ${longest / 1000} s: " + what);
      Deno.kill(pid, "SIGKILL");
    }, ${longest});
  };
`;

/** Watches over work that is begun and ended, one after the other. */
export interface Watchdog extends Disposable {
  /** @param what says, where the work never ends, what it was */
  begin(what: string): void;
  end(): void;
}

/** Starts a watchdog in a thread of its own. */
export function startWatchdog(): Watchdog {
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(source)}`, { type: "module" });
  const tell = (what?: string) => worker.postMessage({ what, pid: Deno.pid });
  return { begin: tell, end: () => tell(), [Symbol.dispose]: () => worker.terminate() };
}
