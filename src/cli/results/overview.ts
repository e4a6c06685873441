/** docs/results.md: the answer, the figure, and a table of what stands on the pages of all experiments. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { VariantComparison } from "../../report/comparison.ts";
import { standingRows, tableHead } from "./standing_rows.ts";

/** The experiments' pipeline files, in the order in which the table has them. */
export const experiments = [
  "training-length",
  "movie-reviews",
  "sst",
  "mrpc",
  "banking77",
  "mpnet",
  "precision",
  "ablations",
  "alternatives",
]
  .map((name) => `pipelines/${name}.yaml`);

/** The file below the pages' folder that holds the figure. */
export const figureFile = "training-length.svg";

const introduction = `# Results

**These trainings are too short to judge the method by.** They make one and a half passes over the data, where the paper
makes ten: cross-entropy is still falling, the noise-contrastive gradient takes most of each clipped step, and the
energies only lag behind. In a pilot of five passes over 2,000 reviews, the energies took a quarter off the NLL and a third
off the ECE at little or no accuracy, and temperature scaling brought the baseline as far (means of seeds 1 to 3 on the
default pipeline's dev2, at 625 steps):

| variant | accuracy | NLL | Brier | ECE | NLL, temperature | Brier, temperature | ECE, temperature |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| baseline | 82.0 % | 0.710 | 0.324 | 0.151 | 0.435 | 0.272 | 0.037 |
| hidden | 81.6 % | 0.510 | 0.298 | 0.101 | 0.438 | 0.277 | 0.042 |
| hidden, with a noise model of 1,000 steps (seeds 1, 2) | 82.0 % | 0.496 | 0.290 | 0.092 | 0.432 | 0.272 | 0.030 |

Three seeds give a direction, which longer experiments have to test. The pipelines' trainings take five and ten passes by
now, but nobody has run them since; the default pipeline's run, in the [README](../README.md#what-energy-training-gives),
is long enough.

\`deno task results\` writes what follows, and a page for each pipeline, from the experiments' artifacts; nothing of it was
typed. [metrics.md](metrics.md) explains the figures, [method.md](method.md) the variants. Each page names the commit of
the code that made it: where the commits differ, the same variant and seed may be different trainings.`;

/** What stands around the figures of a page that the table takes over. */
const [begin, end] = ["<!-- begin figures -->", "<!-- end figures -->"];

/** Writes the table of one task, for its own page and for the table of all. */
export function taskTable(task: string, comparison: VariantComparison): string {
  return `${begin}\n\n${tableHead}\n${standingRows(task, comparison)}\n\n${end}`;
}

/** Writes docs/results.md from the pages in a folder beside it. */
export function overviewOf(folder: string): string {
  const pages = pagesIn(folder);
  const rows = pages.flatMap(({ text }) => {
    const [, figures = ""] = text.match(new RegExp(`^${begin}$([^]*?)^${end}$`, "m")) ?? [];
    return figures.trim().split("\n").slice(2); // without the head
  });
  const links = pages.map(({ name, text }) =>
    `- [${text.split("\n")[0]?.replace(/^# /, "")}](${basename(folder)}/${name}.md)`
  );
  return [
    introduction,
    ...(existsSync(join(folder, figureFile))
      ? [`![Accuracy, NLL, ECE and temperature by epochs of training](${basename(folder)}/${figureFile})`]
      : []),
    "## All tasks",
    "Means over seeds with 95 % intervals, as trained and after a temperature that is fitted on dev1. The pages below " +
    "have the differences from the baseline, with their intervals.",
    [tableHead, ...rows].join("\n"),
    "## The experiments",
    links.join("\n"),
  ].join("\n\n");
}

/** Reads the pages that there are, in the order of the experiments; pages of other pipelines come last. */
function pagesIn(folder: string): readonly { readonly name: string; readonly text: string }[] {
  const order = experiments.map((file) => basename(file, ".yaml"));
  const place = (name: string) => order.includes(name) ? order.indexOf(name) : order.length;
  return readdirSync(folder).filter((file) => file.endsWith(".md")).map((file) => basename(file, ".md"))
    .sort().toSorted((a, b) => place(a) - place(b))
    .map((name) => ({ name, text: readFileSync(join(folder, `${name}.md`), "utf8") }));
}
