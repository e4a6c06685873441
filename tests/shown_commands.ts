/** Finds what pages of the documentation show: commands, and what these print. */

/** The part of a page below a heading of the second level, up to the next. */
export function sectionOf(page: string, heading: string): string {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`found no section "${heading}"`);
  return section;
}

/** A command that a page shows, with what the block of `text` below it shows of its output. */
export interface ShownCommand {
  readonly command: string;
  readonly output?: string;
}

/**
 * Lists the commands in a page's blocks of `sh`, in their order. Each stands on a line of its own, which a
 * backslash at its end continues. The first block of `text` below a command is its output.
 */
export function commandsIn(page: string): readonly ShownCommand[] {
  const found: { command: string; output?: string }[] = [];
  for (const [, language, block = ""] of page.matchAll(/^```(sh|text)\n([^]*?)^```$/gm)) {
    if (language === "sh") {
      const lines = block.replaceAll(/\\\n */g, "").split("\n").filter((line) => line !== "");
      found.push(...lines.map((command) => ({ command })));
    } else if (found.length > 0) found[found.length - 1].output ??= block;
  }
  return found;
}

/** Replaces what differs from one run or machine to the next: numbers with their units, digests, white space. */
export function withoutNumbers(text: string): string {
  return text.replaceAll(/\b[0-9a-f]{12,}\b/g, "#")
    .replaceAll(/-?\d[\d.,]*( (s|min|h|ms|k?B|MB|GB)\b)?/g, "#")
    .replaceAll(/ +/g, " ")
    .replaceAll(/#( ?#)+/g, "#");
}
