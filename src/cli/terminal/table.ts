/** A column of a table: its name, and a text for each row. */
export interface TextColumn {
  readonly name: string;
  readonly cells: readonly string[];
  /** Whether the texts are numbers, which stand below each other's ends. */
  readonly isNumeric: boolean;
}

const gap = "  ";

/**
 * Lays columns out side by side. Those that don't fit into the width stand below the others, again beside the
 * first column.
 *
 * @param width columns of the terminal; Infinity where there is no limit
 * @returns lines, with an empty one between parts
 */
export function tableLines([first, ...others]: readonly TextColumn[], width: number): string[] {
  const parts: TextColumn[][] = [];
  let used = 0;
  for (const column of others) {
    const own = gap.length + widthOf(column);
    if (parts.length === 0 || used + own > width) {
      parts.push([first]);
      used = widthOf(first);
    }
    parts.at(-1)!.push(column);
    used += own;
  }
  return parts.flatMap((columns, index) => [...(index > 0 ? [""] : []), ...partLines(columns)]);
}

function partLines(columns: readonly TextColumn[]): readonly string[] {
  const line = (texts: readonly string[]) =>
    texts.map((text, index) => {
      const width = widthOf(columns[index]);
      return columns[index].isNumeric ? text.padStart(width) : text.padEnd(width);
    }).join(gap).trimEnd();
  return [
    line(columns.map(({ name }) => name)),
    ...columns[0].cells.map((_, row) => line(columns.map(({ cells }) => cells[row]))),
  ];
}

function widthOf({ name, cells }: TextColumn): number {
  return Math.max(name.length, ...cells.map((cell) => cell.length));
}
