import type { Block, Chart, Inline, ReportDocument } from "./document.ts";
import { renderPage } from "./html_page.ts";
import { renderTable } from "./html_table.ts";
import { type Markup, markup } from "./markup.ts";
import { originText } from "./origin.ts";
import { tableScript } from "./table_script.ts";

/** Renders a report as one HTML file that needs nothing else. Its tables can be sorted where scripts may run. */
export function renderHtml({ title, summary, sections }: ReportDocument): string {
  return renderPage({
    title,
    summary,
    sections: sections.map(({ heading, blocks }, index) => ({
      id: `section-${index + 1}`,
      heading,
      content: blocks.map(renderBlock),
    })),
    script: tableScript,
  });
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
  if (typeof text === "string") return markup`${text}`;
  return "code" in text ? markup`<code>${text.code}</code>` : markup`<a href="${text.page}">${text.text}</a>`;
}
