import type { Block, Chart, Inline, ReportDocument, Section } from "./document.ts";
import { renderTable } from "./html_table.ts";
import { type Markup, markup } from "./markup.ts";
import { originText } from "./origin.ts";
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
    case "chart":
      return renderChart(block.chart);
    case "details":
      return markup`<details>
<summary>${block.summary}</summary>
<div class="panels pairs">
${block.tables.map(renderTable)}</div>
</details>
`;
  }
}

/** Renders a chart; its drawings have escaped their texts themselves. */
function renderChart({ name, caption, panels, inPairs }: Chart): Markup {
  const drawn = panels.map(({ title, drawing }) =>
    markup`<div><h3>${title}</h3>${{ source: drawing.svg }}</div>
`
  );
  return markup`<figure>
<figcaption>${caption} <a href="plots/${name}.svg">plots/${name}.svg</a></figcaption>
<div class="${inPairs ? "panels pairs" : "panels"}">
${drawn}</div>
</figure>
`;
}

function renderInline(text: Inline): Markup {
  return typeof text === "string" ? markup`${text}` : markup`<code>${text.code}</code>`;
}
