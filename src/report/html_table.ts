import type { Table } from "./document.ts";
import { type Markup, markup } from "./markup.ts";

/** How many columns a table has at most that fits a phone. */
const narrowColumns = 3;

/**
 * Renders a table so that it can have the focus, because one that is larger than the screen is scrolled by
 * keyboard. On phones and on paper, a wide one becomes a list of its rows, in which each figure has its
 * column's heading beside it.
 */
export function renderTable({ caption, headings, groups, ofTexts }: Table): Markup {
  const rows = (group: Table["groups"][number]) =>
    group.map(({ name, cells }) =>
      markup`<tr><th scope="row">${name}</th>${
        cells.map((cell, at) => markup`<td data-heading="${headings[at + 1]}">${renderCell(cell)}</td>`)
      }</tr>
`
    );
  const classes = ["table", ofTexts ? "texts" : [], headings.length > narrowColumns ? "wide" : []].flat();
  return markup`<div class="${classes.join(" ")}" role="region" aria-label="${caption}" tabindex="0">
<table>
<caption>${caption}</caption>
<thead>
<tr>${headings.map((heading) => markup`<th scope="col">${heading}</th>`)}</tr>
</thead>
${
    groups.map((group) =>
      markup`<tbody>
${rows(group)}</tbody>
`
    )
  }</table>
</div>
`;
}

function renderCell(cell: string): Markup {
  const [figure, ...more] = cell.split("\n");
  return markup`${figure}${more.map((line) => markup` <small>${line}</small>`)}`;
}
