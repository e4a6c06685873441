/** Copies a text, since a part of a longer one keeps all of that in memory. */
export function copied(text: string): string {
  return JSON.parse(JSON.stringify(text));
}
