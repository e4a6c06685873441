/** A table in GitHub's Markdown; the first column is text, the others numbers. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(headings), line(headings.map((_, column) => column === 0 ? "---" : "---:")), ...rows.map(line)]
    .join("\n");
}

/** A whole number with a comma at the thousands. */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** How many times as fast, and how fast it was to be: in bold where it isn't. */
export function ratio(value: number, goal?: number): string {
  const text = `${value.toFixed(2)}×`;
  if (goal === undefined) return text;
  return `${value >= goal ? text : `**${text}**`} (≥ ${goal})`;
}
