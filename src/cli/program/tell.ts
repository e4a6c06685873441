/** Prints on standard error, if that can be written: a terminal may have gone away, and a pipe's reader left. */
export function tell(what: unknown): void {
  try {
    console.error(what);
  } catch {
    // The exit code says what there is to say.
  }
}
