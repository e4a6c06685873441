/** Returns a signal that fires at the first Ctrl-C or SIGTERM; a second one ends the process at once. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    const listener = () => {
      Deno.removeSignalListener(name, listener);
      controller.abort();
    };
    Deno.addSignalListener(name, listener);
  }
  return controller.signal;
}
