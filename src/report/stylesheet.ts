import { type Markup, markup } from "./markup.ts";

/** The colours, for the reader's own setting of light or dark. */
const palette: Markup = markup`:root {
  color-scheme: light dark;
  --page: #fbfaf7; --surface: #ffffff; --text: #1d2126; --muted: #626a73; --line: #e2dfd8; --strong-line: #b9b4a9;
  --accent: #0b6e75; --accent-soft: #cfe3e1; --bar: #d9d4c8; --warning: #8a5200; --warning-page: #fdf3dd;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --surface: #1b1f23; --text: #e6e4df; --muted: #9aa3ab; --line: #2c3237; --strong-line: #4b545b;
    --accent: #5cc6c4; --accent-soft: #24494b; --bar: #3a4248; --warning: #f0c069; --warning-page: #2a2417;
  }
}`;

/** The style of a reliability diagram. */
const diagramStyle: Markup =
  markup`.reliability { display: block; width: 100%; height: auto; font-size: 11px; font-variant-numeric: tabular-nums; }
.reliability text { fill: var(--muted); }
.reliability .count { font-size: 9.5px; }
.reliability .grid { stroke: var(--line); }
.reliability .axis { stroke: var(--strong-line); }
.reliability .diagonal { stroke: var(--strong-line); stroke-dasharray: 4 4; }
.reliability .span { fill: var(--accent-soft); }
.reliability .trace { fill: none; stroke: var(--accent); stroke-width: 1.25; opacity: 0.55; }
.reliability .point { fill: var(--accent); stroke: var(--surface); stroke-width: 1.5; }
.reliability .bar { fill: var(--bar); }`;

/** The style of diagrams in a file of their own. */
export const diagramStylesheet: Markup = markup`
${palette}
${diagramStyle}
`;

/** The style of a report; figures in columns have digits of equal width. */
export const stylesheet: Markup = markup`
${palette}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 3.5rem 1.5rem 5rem; max-width: 62rem;
  background: var(--page); color: var(--text);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", sans-serif;
}
h1, h2, h3 { line-height: 1.2; font-weight: 650; text-wrap: balance; }
h1 { margin: 0; font-size: 2.25rem; letter-spacing: -0.02em; }
h2 { margin: 3.5rem 0 1rem; font-size: 1.4rem; letter-spacing: -0.01em; }
h3 { margin: 2.5rem 0 0.75rem; font-size: 1.05rem; }
p, dl { max-width: 44rem; text-wrap: pretty; }
.summary { margin: 0.75rem 0 0; color: var(--muted); font-size: 1.125rem; }
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
  overflow-x: auto; width: fit-content; max-width: 100%;
  border: 1px solid var(--line); border-radius: 8px; background: var(--surface);
}
.table + .table { margin-top: 1.25rem; }
.table:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.94rem; }
caption { padding: 0.75rem 1rem 0.25rem; color: var(--muted); font-size: 0.85rem; text-align: left; }
th, td { padding: 0.4rem 1rem; text-align: right; white-space: nowrap; }
th:first-child { text-align: left; }
thead th { border-bottom: 1px solid var(--strong-line); color: var(--muted); font-size: 0.85rem; font-weight: 600; }
tbody th { font-weight: 400; }
.texts tbody th { min-width: 20rem; white-space: normal; }
.texts td { vertical-align: top; }
tbody tr:first-child > * { padding-top: 0.6rem; }
tbody tr:last-child > * { padding-bottom: 0.6rem; }
tbody:not(:only-of-type) tr:first-child th { font-weight: 600; }
tbody:not(:only-of-type) tr + tr th { color: var(--muted); }
tbody + tbody tr:first-child > * { border-top: 1px solid var(--line); }
dl { display: grid; gap: 0.4rem; margin: 1.5rem 0 0; font-size: 0.92rem; }
dl div { display: grid; grid-template-columns: 7rem 1fr; gap: 1rem; }
dt { font-weight: 600; }
dd { margin: 0; color: var(--muted); }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); gap: 1.25rem; }
figure { margin: 0; padding: 0.9rem 0.9rem 0.5rem; border: 1px solid var(--line); border-radius: 8px; background: var(--surface); }
figcaption { margin: 0 0 0.6rem 0.35rem; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
details { margin-top: 0.75rem; }
summary { width: fit-content; color: var(--muted); cursor: pointer; font-size: 0.88rem; }
details .panels { margin-top: 0.75rem; }
${diagramStyle}
@media print { body { padding: 0; } figure, .table { break-inside: avoid; } details { display: none; } }
`;
