import type { Block, Diagram, Inline, ReportDocument, Section, Table } from "./document.ts";
import { formatCount, formatDecimal, formatScore } from "./format.ts";
import { renderTable } from "./html_table.ts";
import { type Markup, markup } from "./markup.ts";
import { originText } from "./origin.ts";
import { commonFrame, type Frame, reliabilityDiagram } from "./reliability_diagram.ts";
import { stylesheet } from "./stylesheet.ts";

/**
 * Renders a report as one HTML file that needs no script, font or picture, with a policy that forbids them.
 */
export function renderHtml({ title, summary, sections }: ReportDocument): string {
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${stylesheet}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="summary">${summary}</p>
</header>
<div class="layout">
<nav aria-label="Contents">
<ol>
${
    sections.map(({ heading }, index) =>
      markup`<li><a href="#${sectionId(index)}">${heading}</a></li>
`
    )
  }</ol>
</nav>
<main>
${sections.map(renderSection)}</main>
</div>
</body>
</html>
`.source;
}

function renderSection({ heading, blocks }: Section, index: number): Markup {
  const id = sectionId(index);
  return markup`<section aria-labelledby="${id}">
<h2 id="${id}">${heading}</h2>
${blocks.map(renderBlock)}</section>
`;
}

function sectionId(index: number): string {
  return `section-${index + 1}`;
}

function renderBlock(block: Block): Markup {
  switch (block.kind) {
    case "paragraph":
      return markup`<p>${block.text.map(renderInline)}</p>
`;
    case "verdict":
      return markup`<p class="verdict">${block.text}</p>
`;
    case "warning":
      return markup`<p class="warning" role="note">${block.text.map(renderInline)}</p>
`;
    case "definitions":
      return markup`<dl>
${
        block.items.map(({ term, meaning }) =>
          markup`<div><dt>${term}</dt><dd>${meaning}</dd></div>
`
        )
      }</dl>
`;
    case "table":
      return markup`${renderTable(block.table)}${
        block.origin
          ? markup`<p class="origin">${originText(block.origin).map(renderInline)}</p>
`
          : []
      }`;
    case "diagrams":
      return renderDiagrams(block.diagrams);
  }
}

function renderDiagrams(diagrams: readonly Diagram[]): Markup {
  const frame = commonFrame(diagrams.flatMap(({ panels }) => panels.map(({ bins }) => bins)));
  return markup`${diagrams.map((diagram) => renderDiagram(diagram, frame))}`;
}

function renderDiagram({ variant, panels }: Diagram, frame: Frame): Markup {
  const figures = panels.map(({ caption, bins }) =>
    markup`<figure>
<figcaption>${caption}</figcaption>
${reliabilityDiagram(bins, { label: `Reliability diagram of ${variant}. ${caption}`, frame })}
</figure>
`
  );
  return markup`<h3>${variant}</h3>
<div class="panels">
${figures}</div>
<details>
<summary>The bins of ${variant} as tables</summary>
<div class="panels">
${panels.map(({ caption, bins }) => renderTable(binTable(caption, bins)))}</div>
</details>
`;
}

/** Makes a table of the same bins, for those who read or copy numbers. */
function binTable(caption: string, bins: Diagram["panels"][number]["bins"]): Table {
  return {
    caption,
    headings: ["Bin", "Examples", "Confidence", "Accuracy"],
    groups: [bins.map(({ lower, upper, count, confidence, accuracy }) => ({
      name: `(${formatDecimal(lower, 2)}, ${formatDecimal(upper, 2)}]`,
      cells: [formatCount(count), formatScore(confidence), formatScore(accuracy)],
    }))],
  };
}

function renderInline(text: Inline): Markup {
  return typeof text === "string" ? markup`${text}` : markup`<code>${text.code}</code>`;
}
