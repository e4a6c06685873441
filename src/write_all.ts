/**
 * Writes all of a text, in UTF-8, or of some bytes to an open file or stream, however few a single write takes.
 * Returns how many bytes that were.
 */
export function writeAll(to: { writeSync(bytes: Uint8Array): number }, what: string | Uint8Array): number {
  const bytes = typeof what === "string" ? new TextEncoder().encode(what) : what;
  for (let written = 0; written < bytes.length;) written += to.writeSync(bytes.subarray(written));
  return bytes.length;
}
