/** The program behind `deno task screenshots`: it photographs a report for the documentation. */

import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { InputError } from "../errors.ts";
import { newProgram, runProgram } from "./program/program.ts";
import { green } from "./terminal/text.ts";

const chromium = "/usr/bin/chromium";
const folder = "docs/images";

/** What is seen of a report at first, in pixels: the verdict and what it is made from. */
const [width, height] = [1280, 900];

/** Chromium's numbers for the schemes of colours that a reader may prefer. */
const schemes = { dark: 0, light: 1 } as const;

const explanation = `
It writes ${folder}/report-light.png and report-dark.png, of ${width} × ${height} pixels, with ${chromium}.

Examples:
  deno task screenshots
  deno task screenshots artifacts/pipelines+smoke.yaml/report/report.html

Exit codes: 0 done, 2 wrong input.`;

const program = newProgram("deno task screenshots")
  .description("Photographs the top of a report, light and dark.")
  .argument("[report]", "the report's HTML file", "artifacts/report/report.html")
  .addHelpText("after", explanation)
  .action(photograph);

async function photograph(report: string): Promise<void> {
  for (const file of [chromium, report]) {
    if (existsSync(file)) continue;
    const expected = file === chromium ? "Debian's Chromium" : "a report's HTML file";
    throw new InputError({ at: { file }, found: "no such file", expected });
  }
  mkdirSync(folder, { recursive: true });
  for (const [name, scheme] of Object.entries(schemes)) {
    const picture = join(folder, `report-${name}.png`);
    const { success, stderr } = await new Deno.Command(chromium, {
      args: [
        ...["--headless", "--hide-scrollbars", `--window-size=${width},${height}`],
        ...(Deno.uid() === 0 ? ["--no-sandbox"] : []), // which it refuses to have for root
        ...[`--blink-settings=preferredColorScheme=${scheme}`, `--screenshot=${resolve(picture)}`],
        pathToFileURL(report).href,
      ],
    }).output();
    if (!success) throw new Error(`Chromium: ${new TextDecoder().decode(stderr)}`);
    console.log(green(`✓ ${picture}`));
  }
}

await runProgram(program);
