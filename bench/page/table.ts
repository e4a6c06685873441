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

/** A share of 1 in hundredths. */
export function percent(value: number): string {
  return `${(100 * value).toFixed(2)} %`;
}

/** How many times as fast, and how fast it was to be: in bold where it isn't. */
export function ratio(value: number, goal?: number): string {
  const text = `${value.toFixed(2)}×`;
  return goal === undefined ? text : `${inBoldUnless(value >= goal, text)} (≥ ${goal})`;
}

/** Cells of a figure and of what it was to be: in bold where it isn't. */
export function beside(
  value: number,
  sign: "≤" | "≥",
  goal: number,
  text: (value: number) => string,
): readonly [string, string] {
  const reached = sign === "≤" ? value <= goal : value >= goal;
  return [inBoldUnless(reached, text(value)), `${sign} ${text(goal)}`];
}

function inBoldUnless(reached: boolean, text: string): string {
  return reached ? text : `**${text}**`;
}
