import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ReportDocument } from "./document.ts";
import { renderHtml } from "./html.ts";
import { figuresAsJson } from "./json.ts";
import { renderMarkdown } from "./markdown.ts";

/** The outputs of a stage that writes a report, beside its JSON file. */
export const reportOutputs = {
  "report.md": "the tables, as Markdown",
  "report.html": "the tables, in one file to open in a browser",
} as const;

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
