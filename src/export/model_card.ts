/** The model card: the README.md of an exported classifier, in the form that the Hugging Face hub reads. */

import { basename } from "node:path";
import { stringify } from "yaml";
import { hasEnergy } from "../ebm/classifier/variant.ts";
import { reliabilityFile } from "../report/charts/reliability_file.ts";
import { formatCount, formatInterval, formatScore, formatShare } from "../report/format.ts";
import { escapeText, renderBlock } from "../report/markdown.ts";
import { title } from "../report/terms.ts";
import { energyCode, probabilitiesCode } from "./card_code.ts";
import type { CardFacts } from "./card_facts.ts";
import { cardLimits } from "./card_limits.ts";
import { cardFigures, type Measured, type MeasuredSplit } from "./figures.ts";

/** The file of the reliability diagram. */
export const diagramName = "reliability.svg";

/** Writes a model card. */
export function modelCard(facts: CardFacts): string {
  const { name, classifier } = facts;
  const sections = [
    `# ${escapeText(`Text classifier ${name}`)}`,
    whatItIs(facts),
    "## Use",
    probabilitiesCode(facts.data?.dataset.pairs ?? false, divisorOf(facts)),
    ...(hasEnergy(classifier.variant) ? ["## Energy", energyText(facts), energyCode(classifier)] : []),
    "## Data",
    ...dataSection(facts),
    "## Figures",
    ...figuresSection(facts),
    "## Limits",
    cardLimits(facts).map((limit) => `- ${escapeText(limit)}`).join("\n"),
    "## Provenance",
    provenanceTable(facts),
    "The parameters of the training:",
    `\`\`\`json\n${JSON.stringify(facts.parameters, null, 2)}\n\`\`\``,
  ];
  return `---\n${frontMatter(facts)}---\n\n${sections.join("\n\n")}\n`;
}

/** Draws the reliability of a split, as trained and calibrated, as an SVG file. */
export function cardDiagram({ split, uncalibrated, calibrated }: MeasuredSplit): string {
  return reliabilityFile([
    { name: `${split}, uncalibrated`, ...uncalibrated.reliability },
    ...(calibrated ? [{ name: `${split}, calibrated`, ...calibrated.reliability }] : []),
  ]);
}

function frontMatter({ name, classifier, data, measured }: CardFacts): string {
  const results = measured.map(({ split, uncalibrated, calibrated = uncalibrated }) => {
    const { figures } = classifier.calibrated ? calibrated : uncalibrated;
    const source = data?.sources.join(", ") || "unknown";
    return {
      task: { type: "text-classification" },
      dataset: { name: `${source} (${split})`, type: source, split },
      metrics: (["accuracy", "nll", "brier", "ece"] as const).map((type) => ({
        type,
        value: figures[type].value,
      })),
    };
  });
  return stringify({
    library_name: "transformers",
    pipeline_tag: "text-classification",
    tags: ["calibration", classifier.variant],
    metrics: ["accuracy"],
    ...(results.length > 0 ? { "model-index": [{ name, results }] } : {}),
  });
}

/** Returns what logits of the exported model have to be divided by to be calibrated, as far as is known. */
function divisorOf({ classifier, calibrator }: CardFacts): number {
  return classifier.calibrated ? 1 : calibrator?.calibrator.temperature?.value ?? 1;
}

function whatItIs(facts: CardFacts): string {
  const { classifier: { family, variant, classes, calibrated }, calibrator } = facts;
  const fitted = calibrator &&
    `${calibrator.calibrator.summary}, fitted on ${formatCount(calibrator.fittedOn.examples)} texts of ` +
      basename(calibrator.fittedOn.name);
  const calibration = calibrated
    ? `is calibrated: they were divided by a temperature (${fitted}).`
    : divisorOf(facts) !== 1
    ? `isn't calibrated; the code below divides them by a temperature (${fitted}).`
    : "isn't calibrated.";
  return escapeText(
    `A model of the type ${family} that puts a text into one of ${classes.length} classes: ${
      classesText(classes)
    }. ` +
      `It was trained by Calibrant, as the variant ${variant} of joint energy-based training for calibrated ` +
      `confidence (He et al. 2021, arXiv:2101.06829). The softmax of its logits ${calibration}`,
  );
}

/** The most classes that a card lists. */
const mostListed = 10;

function classesText(classes: readonly string[]): string {
  const others = classes.length - mostListed;
  return classes.slice(0, mostListed).join(", ") +
    (others > 0 ? ` and ${others} more (see config.json)` : "");
}

function energyText({ calibrator }: CardFacts): string {
  const energies = Float64Array.from(calibrator?.examples.energy ?? []).sort();
  const highest = energies[Math.ceil(0.99 * energies.length) - 1];
  return escapeText(
    "The energy E(x) of a text is low where it is like the training texts, and high for noise." +
      (highest === undefined
        ? ""
        : ` Of ${formatCount(energies.length)} texts of ${
          basename(calibrator?.fittedOn.name ?? "")
        }, 99 % have an energy of at most ` +
          `${formatScore(highest)}; a text with a higher one is unlike them.`) +
      " The code goes on from that above.",
  );
}

function dataSection({ data }: CardFacts): readonly string[] {
  if (!data) return ["What it was trained on isn't in the store any more."];
  const { sources, dataset: { classes, splits, pairs } } = data;
  const listed = classes.length > mostListed ? [] : classes;
  const rows = Object.entries(splits).map(([name, { rows, perClass }]) => ({
    name,
    cells: [rows, ...perClass.slice(0, listed.length)].map(formatCount),
  }));
  const headings = ["Split", pairs ? "Pairs of texts" : "Texts", ...listed];
  const caption = `${sources.join(", ")}, in splits that share no texts`;
  return [renderBlock({ kind: "table", table: { caption, headings, groups: [rows] } })];
}

function figuresSection({ measured, data }: CardFacts): readonly string[] {
  if (measured.length === 0) return ["It wasn't evaluated."];
  const shown = cardFigures.filter((name) => name !== "mcc" || data?.dataset.metric === "mcc");
  const row = (name: string, { figures }: Measured) => ({
    name,
    cells: shown.map((figure) =>
      formatInterval(figures[figure], figure === "accuracy" ? formatShare : formatScore)
    ),
  });
  const groups = measured.map(({ split, examples, uncalibrated, calibrated }) => [
    row(`${split} (${formatCount(examples)} texts)`, uncalibrated),
    ...(calibrated ? [row(`${split}, calibrated`, calibrated)] : []),
  ]);
  const caption = "On texts that nothing was trained or fitted on, with 95 % intervals";
  return [
    renderBlock({ kind: "table", table: { caption, headings: ["Texts", ...shown.map(title)], groups } }),
    `![Reliability diagram: accuracy over confidence](${diagramName})`,
  ];
}

function provenanceTable({ provenance }: CardFacts): string {
  const rows = Object.entries(provenance).map(([what, which]) => `| ${what} | ${escapeText(which)} |`);
  return ["| | |", "| --- | --- |", ...rows].join("\n");
}
