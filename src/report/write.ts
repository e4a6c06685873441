import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chartFile } from "./charts/file.ts";
import type { Chart, ReportDocument } from "./document.ts";
import { renderHtml } from "./html.ts";
import { figuresAsJson } from "./json.ts";
import { renderMarkdown } from "./markdown.ts";

/** The outputs of a stage that writes a report, beside its JSON file. */
export const reportOutputs = {
  "report.md": "the tables, as Markdown",
  "report.html": "the tables, in one file to open in a browser",
} as const;

/** Lists the charts of a report. */
export function chartsIn({ sections }: ReportDocument): readonly Chart[] {
  return sections.flatMap(({ blocks }) => blocks).flatMap((block) =>
    block.kind === "chart" ? [block.chart] : []
  );
}

/** Writes charts into a folder, each as an SVG file by its name. */
export async function writeCharts(folder: string, charts: readonly Chart[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const chart of charts) await writeFile(join(folder, `${chart.name}.svg`), chartFile(chart));
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
