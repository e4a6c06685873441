/** Formats what programs print: colours, durations, sizes, lists. */

/** Whether standard output shows colours. */
export const coloured = Deno.stdout.isTerminal() && !Deno.noColor;

const paint = (code: number) => (text: string) => coloured ? `\x1b[${code}m${text}\x1b[0m` : text;

export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);
export const yellow = paint(33);
export const blue = paint(34);

/** Formats a duration: `0.21 s`, `12.3 s`, `3 min 12 s`, `1 h 02 min`. */
export function duration(seconds: number): string {
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours} h ${String(minutes).padStart(2, "0")} min` : `${minutes} min ${rest} s`;
}

/** Formats a duration that is only foretold: `5 s`, `4 min`, `1 h 02 min`, `12 days`. */
export function roughDuration(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  if (seconds > 3 * 24 * 3600) return `${Math.round(seconds / 24 / 3600)} days`;
  const minutes = Math.round(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return hours > 0 ? `${hours} h ${String(rest).padStart(2, "0")} min` : `${minutes} min`;
}

/** Formats a number of things: `1 file`, `3 files`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** Lists names in one line, at most `most` of them: `a, b and 3 more`. */
export function listed(names: readonly string[], most: number): string {
  const more = names.length - most;
  return `${names.slice(0, most).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** Formats a size: `312 B`, `4.2 kB`, `1.8 GB`. */
export function bytes(size: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const step = Math.min(Math.max(0, Math.floor(Math.log10(Math.max(1, size)) / 3)), units.length - 1);
  return `${step === 0 ? size : (size / 1000 ** step).toFixed(1)} ${units[step]}`;
}

/** Returns the first characters of a digest or key, enough to tell two apart. */
export function short(digest: string): string {
  return digest.slice(0, 12);
}
