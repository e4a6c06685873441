/** Writes a table in GitHub's Markdown, whose first column is text and whose others are numbers. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(headings), line(headings.map((_, column) => column === 0 ? "---" : "---:")), ...rows.map(line)]
    .join("\n");
}

/** Rounds to a whole number and writes it with a comma at the thousands. */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** Writes a share of 1 in hundredths. */
export function percent(value: number): string {
  return `${(100 * value).toFixed(2)} %`;
}

/** Writes how many times as fast something is, and how fast it is to be: in bold where the goal is missed. */
export function ratio(value: number, goal?: number): string {
  const text = `${value.toFixed(2)}×`;
  return goal === undefined ? text : `${inBoldUnless(value >= goal, text)} (≥ ${goal})`;
}

/** Writes the cells of a figure and of its goal, in bold where the goal is missed. */
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
