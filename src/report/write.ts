import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chartFile } from "./charts/file.ts";
import type { ReportDocument } from "./document.ts";
import { renderHtml } from "./html.ts";
import { figuresAsJson } from "./json.ts";
import { renderMarkdown } from "./markdown.ts";

/** The outputs of a stage that writes a report, beside its JSON file. */
export const reportOutputs = {
  "report.md": "the tables, as Markdown",
  "report.html": "the tables, in one file to open in a browser",
} as const;

/** Writes each chart of a report into a folder, as an SVG file by the chart's name. */
export async function writeCharts(folder: string, { sections }: ReportDocument): Promise<void> {
  await mkdir(folder);
  for (const block of sections.flatMap(({ blocks }) => blocks)) {
    if (block.kind !== "chart") continue;
    await writeFile(join(folder, `${block.chart.name}.svg`), chartFile(block.chart));
  }
}

/** Writes a report as `report.md` and `report.html`, and the figures that it shows as a JSON file. */
export async function writeReport(
  folder: string,
  report: ReportDocument,
  source: { readonly file: string; readonly content: unknown },
): Promise<void> {
  await writeFile(join(folder, "report.md"), renderMarkdown(report));
  await writeFile(join(folder, "report.html"), renderHtml(report));
  await writeFile(join(folder, source.file), figuresAsJson(source.content));
}
