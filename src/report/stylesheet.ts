import { colourDeclarations } from "./charts/colours.ts";
import { type Markup, markup } from "./markup.ts";

/** The colours, for the reader's own setting of light or dark. */
const palette: Markup = markup`:root {
  color-scheme: light dark;
  --page: #fbfaf7; --surface: #ffffff; --text: #1d2126; --muted: #626a73; --line: #e2dfd8; --strong-line: #b9b4a9;
  --accent: #0b6e75; --accent-soft: #cfe3e1; --bar: #d9d4c8; --warning: #8a5200; --warning-page: #fdf3dd;
  ${{ source: colourDeclarations("light") }}
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --surface: #1b1f23; --text: #e6e4df; --muted: #9aa3ab; --line: #2c3237; --strong-line: #4b545b;
    --accent: #5cc6c4; --accent-soft: #24494b; --bar: #3a4248; --warning: #f0c069; --warning-page: #2a2417;
    ${{ source: colourDeclarations("dark") }}
  }
}`;

/** The style of a report; figures in columns have digits of equal width. */
export const stylesheet: Markup = markup`
${palette}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 3rem 1.5rem 5rem; max-width: 80rem;
  background: var(--page); color: var(--text);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", sans-serif;
}
h1, h2, h3 { line-height: 1.2; font-weight: 650; text-wrap: balance; }
h1 { margin: 0; font-size: 2.25rem; letter-spacing: -0.02em; }
h2 { margin: 3.5rem 0 1rem; scroll-margin-top: 1rem; font-size: 1.4rem; letter-spacing: -0.01em; }
h3 { margin: 2.5rem 0 0.75rem; font-size: 1.05rem; }
p, dl { max-width: 44rem; text-wrap: pretty; }
.summary { margin: 0.75rem 0 0; color: var(--muted); font-size: 1.125rem; }
.layout { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 2.5rem; }
main { min-width: 0; }
main > section:first-child h2 { margin-top: 2rem; }
nav ol { margin: 1.5rem 0 0; padding: 0; list-style: none; font-size: 0.88rem; columns: 10rem; }
nav a { display: block; padding: 0.25rem 0; color: var(--muted); text-decoration: none; }
nav a:hover, nav a:focus-visible { color: var(--accent); text-decoration: underline; }
@media (min-width: 64rem) {
  .layout { grid-template-columns: 11rem minmax(0, 1fr); }
  nav ol { position: sticky; top: 1.5rem; margin-top: 2rem; columns: auto; }
}
.verdict { margin: 0 0 1.25rem; font-size: 1.25rem; line-height: 1.45; font-weight: 550; }
.warning {
  margin: 0 0 1.5rem; padding: 0.75rem 1rem; max-width: none;
  border-left: 3px solid var(--warning); border-radius: 0 6px 6px 0;
  background: var(--warning-page);
}
code {
  padding: 0.1em 0.35em; border: 1px solid var(--line); border-radius: 4px;
  background: var(--surface); font: 0.9em ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", monospace;
}
.table {
  overflow: auto; width: fit-content; max-width: 100%; max-height: 92vh;
  border: 1px solid var(--line); border-radius: 8px; background: var(--surface);
}
:is(.table, dl) + :is(.table, figure) { margin-top: 1.25rem; }
.table:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.94rem; }
caption { padding: 0.75rem 1rem 0.25rem; color: var(--muted); font-size: 0.85rem; text-align: left; }
th, td { padding: 0.4rem 0.6rem; text-align: right; white-space: nowrap; vertical-align: top; }
th:first-child { padding-left: 1rem; text-align: left; position: sticky; left: 0; background: var(--surface); }
thead th {
  position: sticky; top: 0; background: var(--surface); box-shadow: inset 0 -1px var(--strong-line);
  color: var(--muted); font-size: 0.85rem; font-weight: 600;
}
thead th:first-child { z-index: 1; }
.sortable thead th { padding: 0; }
.sortable thead button {
  width: 100%; padding: 0.4rem 0.6rem; border: 0; background: none; color: inherit; font: inherit; text-align: inherit;
  text-decoration: underline dotted; text-underline-offset: 0.25em; cursor: pointer;
}
.sortable thead th:first-child button { padding-left: 1rem; }
.sortable thead button:hover, [aria-sort] button { color: var(--accent); }
.sortable thead button:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
[aria-sort] button::after { content: "↑"; position: absolute; right: 0; }
[aria-sort="descending"] button::after { content: "↓"; }
.filter { margin: 0 0 0.75rem; font-size: 0.92rem; }
.filter input { width: 16rem; max-width: 100%; padding: 0.3rem 0.5rem; font: inherit; }
.table tr[hidden] { display: none; }
.wide tbody th { max-width: 11rem; white-space: normal; overflow-wrap: anywhere; }
.texts tbody th { min-width: 20rem; max-width: 34rem; }
.texts td:last-child { min-width: 14rem; white-space: normal; overflow-wrap: anywhere; }
.origin { margin: 0.5rem 0 1.25rem; max-width: none; color: var(--muted); font-size: 0.8rem; }
.origin code { white-space: nowrap; }
small { display: block; color: var(--muted); font-size: 0.82em; }
tbody th { font-weight: 400; }
tbody tr:first-child > * { padding-top: 0.6rem; }
tbody tr:last-child > * { padding-bottom: 0.6rem; }
tbody:not(:only-of-type) tr:first-child th { font-weight: 600; }
tbody:not(:only-of-type) tr + tr th { color: var(--muted); }
tbody + tbody tr:first-child > * { border-top: 1px solid var(--line); }
dl { display: grid; gap: 0.4rem; margin: 1.5rem 0 0; font-size: 0.92rem; }
dl div { display: grid; grid-template-columns: 9rem minmax(0, 1fr); gap: 1rem; }
dt { font-weight: 600; overflow-wrap: anywhere; }
dd { margin: 0; color: var(--muted); overflow-wrap: anywhere; }
dl ul { margin: 0; padding: 0; list-style: none; }
dl .columns { columns: 15rem; }
dl small { display: inline; }
.record { max-width: 58rem; }
.record code { font-size: 0.85em; }
.drawing { overflow-x: auto; }
.drawing svg { display: block; max-width: 100%; height: auto; }
main a { color: var(--accent); }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); gap: 1rem 1.25rem; }
.pairs { grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); }
figure { margin: 1.5rem 0; padding: 0.9rem 1rem 1rem; border: 1px solid var(--line); border-radius: 8px; background: var(--surface); }
figure h3 { margin: 0.75rem 0 0.25rem; font-size: 0.9rem; }
figure svg { display: block; width: 100%; max-width: 30rem; height: auto; font-variant-numeric: tabular-nums; }
figcaption { max-width: 46rem; color: var(--muted); font-size: 0.88rem; }
figcaption a, .origin a { color: inherit; white-space: nowrap; }
details { margin-top: 0.75rem; }
summary { width: fit-content; color: var(--muted); cursor: pointer; font-size: 0.88rem; }
details .panels { margin-top: 0.75rem; }
@media print, (max-width: 40rem) {
  .wide { width: auto; max-height: none; }
  .wide thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .wide :is(table, caption, tbody) { display: block; }
  .wide tbody + tbody { border-top: 1px solid var(--line); }
  .wide tr { display: flex; flex-wrap: wrap; gap: 0.15rem 1.1rem; padding: 0.5rem 1rem; break-inside: avoid; }
  .table.wide tr > * { position: static; min-width: 0; max-width: none; padding: 0; border: 0; text-align: left; white-space: normal; }
  .table.wide tr > th { flex-basis: 100%; font-weight: 600; color: var(--text); }
  .wide td::before { content: attr(data-heading) " "; color: var(--muted); font-size: 0.85em; }
  .wide small { display: inline; }
}
@media screen and (max-width: 40rem) {
  .sortable.wide thead { display: block; position: static; width: auto; height: auto; overflow: visible; clip-path: none; }
  .sortable.wide thead tr { gap: 0 0.9rem; padding: 0 1rem; }
  .sortable.wide thead tr::before { content: "Sort by"; padding: 0.4rem 0; font-size: 0.85rem; color: var(--muted); }
  .sortable.wide thead tr > th { flex-basis: auto; box-shadow: none; font-weight: 400; color: var(--muted); }
  .sortable.wide thead th button { position: relative; padding: 0.4rem 0.6rem 0.4rem 0; }
}
@media (max-width: 40rem) {
  body { padding: 1.5rem 1rem 3rem; }
  h1 { font-size: 1.6rem; }
  .table:not(.wide) th:first-child { max-width: 11rem; white-space: normal; }
  .origin code { white-space: normal; }
  .drawing svg { max-width: none; }
  dl div { grid-template-columns: minmax(0, 1fr); gap: 0; }
}
@media print {
  @page { margin: 1.5cm; }
  body { padding: 0; font-size: 10pt; }
  nav, details, .filter { display: none; }
  .table { overflow: visible; max-height: none; }
  .table:not(.wide), .panels > div, dl div { break-inside: avoid; }
  .table :is(th, td) { position: static; white-space: normal; }
  .panels { grid-template-columns: repeat(3, minmax(0, 1fr)); }
  .pairs { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  h2, h3, figcaption { break-after: avoid; }
}
`;
