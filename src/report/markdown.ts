import type { Block, Inline, ReportDocument, Table } from "./document.ts";
import { originText } from "./origin.ts";

/**
 * Renders a report as Markdown with GitHub's tables. Text is escaped, so that data can't format, link or
 * break anything.
 */
export function renderMarkdown({ title, summary, sections }: ReportDocument): string {
  const parts = sections.flatMap(({ heading, blocks }) => [
    `## ${escapeText(heading)}`,
    ...blocks.map(renderBlock),
  ]);
  return `${[`# ${escapeText(title)}`, escapeText(summary), ...parts].join("\n\n")}\n`;
}

/** Renders a part of a section. */
export function renderBlock(block: Block): string {
  switch (block.kind) {
    case "paragraph":
      return renderInline(block.text);
    case "verdict":
      return `**${escapeText(block.text)}**`;
    case "warning":
      return `> ${renderInline(block.text)}`;
    case "definitions":
      return block.items.map(({ term, meaning }) => `- **${escapeText(term)}**: ${escapeText(meaning)}`).join(
        "\n",
      );
    case "table":
      return [
        renderTable(block.table),
        ...(block.origin ? [renderInline(originText(block.origin))] : []),
      ].join("\n\n");
    case "chart":
      return `${escapeText(block.chart.caption)} (\`plots/${block.chart.name}.svg\`)`;
    case "details":
      return renderInline([`${block.summary}: `, { code: "report.html" }]);
  }
}

function renderTable({ caption, headings, groups }: Table): string {
  const row = (cells: readonly string[]) => `| ${cells.map(escapeText).join(" | ")} |`;
  return [
    `${escapeText(caption)}:\n`,
    row(headings),
    `| ${headings.map((_, column) => column === 0 ? "---" : "---:").join(" | ")} |`,
    ...groups.flat().map(({ name, cells }) => row([name, ...cells])),
  ].join("\n");
}

/** Renders text; it has no links to pages, since Markdown is put into other files. */
function renderInline(text: readonly Inline[]): string {
  return text.map((part) => {
    if (typeof part === "string") return escapeText(part);
    return "code" in part ? `\`${part.code}\`` : escapeText(part.text);
  }).join("");
}

/** Escapes a text, so that it shows as it is. */
export function escapeText(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_[<|~&$@]|:(?=\/\/)|(?<=\bwww)\./gi, "\\$&");
}
