import { energyChart } from "./charts/distributions.ts";
import type { VariantComparison } from "./comparison.ts";
import type { Block, Origin, ReportDocument, Section } from "./document.ts";
import { formatCount } from "./format.ts";
import { intervalsText } from "./intervals.ts";
import { noiseStrengthTable, noiseTable } from "./noise_tables.ts";
import { predictionSections } from "./prediction_sections.ts";
import { originsOf, provenancePage } from "./origin.ts";
import { resultSection } from "./result_section.ts";
import type { Results } from "./results.ts";
import {
  conformalTable,
  dataTable,
  differenceTable,
  energyTable,
  intervalTable,
  isCompared,
  scoreTable,
  standingName,
} from "./tables.ts";
import {
  energyDefinitions,
  intervalDefinitions,
  noiseDefinitions,
  scoreDefinitions,
  splitDefinitions,
} from "./terms.ts";
import { textSections } from "./text_sections.ts";
import { trainingSection } from "./training_section.ts";
import { voteSection } from "./vote_section.ts";

/** Composes the report of all results. Nothing in it depends on when or where that happens. */
export function composeReport(results: Results): ReportDocument {
  const { comparison, data, note } = results;
  const origins = originsOf(results);
  return {
    title: results.title,
    summary: [summary(comparison), note].filter(Boolean).join(" "),
    sections: [
      resultSection(results),
      {
        heading: "Accuracy and calibration",
        blocks: [
          { kind: "table", table: scoreTable(comparison), origin: origins.comparison },
          ...notes(comparison),
          { kind: "definitions", items: scoreDefinitions(comparison) },
        ],
      },
      ...testSection(comparison, origins.comparison),
      intervalSection(comparison, origins.comparison),
      ...voteSection(results, origins.comparison),
      conformalSection(comparison, origins.comparison),
      ...predictionSections(results),
      ...textSections(results),
      ...energySection(results, origins.evaluations),
      trainingSection(results, origins.evaluations),
      {
        heading: "Noise",
        blocks: [
          { kind: "table", table: noiseTable(results), origin: origins.noiseModel },
          { kind: "table", table: noiseStrengthTable(results), origin: origins.noise },
          { kind: "definitions", items: noiseDefinitions(results) },
        ],
      },
      {
        heading: "Data",
        blocks: [
          { kind: "table", table: dataTable(data), origin: origins.data },
          { kind: "definitions", items: splitDefinitions.filter(({ term }) => term in data.splits) },
        ],
      },
      provenanceSection(),
    ],
  };
}

function summary({ standings, examples, seeds, fittedOn }: VariantComparison): string {
  const trainings = standings.filter(({ runs }) => runs === seeds.length); // an ensemble isn't trained
  const count = new Set(trainings.map(({ variant }) => variant)).size;
  const variants = count === 1 ? "One variant" : `${formatCount(count)} variants`;
  const trained = seeds.length === 1 ? "" : `, each trained with ${formatCount(seeds.length)} seeds and`;
  return `${variants}${trained || ","} measured on the ${formatCount(examples)} examples of dev2, ` +
    `before and after calibration on ${fittedOn}.`;
}

function testSection({ test, ...comparison }: VariantComparison, origin: Origin): Section[] {
  if (!test) return [];
  const told = { ...comparison, ...test };
  const text =
    "The data set has a test set of its own. These are the same classifiers and calibrators on it.";
  return [{
    heading: "Test set",
    blocks: [
      { kind: "paragraph", text: [text] },
      {
        kind: "table",
        table: scoreTable(told, `the ${formatCount(test.examples)} examples of test`),
        origin,
      },
      ...(isCompared(test.standings)
        ? [{ kind: "table", table: differenceTable(told, "on test"), origin } as const]
        : []),
    ],
  }];
}

function intervalSection(comparison: VariantComparison, origin: Origin): Section {
  return {
    heading: "Intervals",
    blocks: [
      { kind: "paragraph", text: [intervalsText(comparison)] },
      { kind: "table", table: intervalTable(comparison), origin },
      { kind: "definitions", items: intervalDefinitions },
    ],
  };
}

function conformalSection(comparison: VariantComparison, origin: Origin): Section {
  const text =
    "A prediction set holds as many classes as it takes to include the true one with the given probability " +
    "(conformal prediction, calibrated on dev1). THR takes all classes whose probability is above a threshold. APS takes " +
    "the likeliest classes until their probabilities add up to enough, where chance decides on the last one.";
  return {
    heading: "Prediction sets",
    blocks: [{ kind: "table", table: conformalTable(comparison), origin }, {
      kind: "paragraph",
      text: [text],
    }],
  };
}

/** Lists what the examples left undetermined in the fit of a calibrator. */
function notes({ standings }: VariantComparison): Block[] {
  const items = standings.flatMap((standing) =>
    standing.notes.map((note) => ({ term: standingName(standing), meaning: `${note}.` }))
  );
  return items.length === 0 ? [] : [{ kind: "definitions", items }];
}

function energySection({ evaluations, distributions }: Results, origin: Origin): Section[] {
  if (!evaluations.some(({ energy }) => energy)) return [];
  const chart = energyChart(distributions);
  return [{
    heading: "Energies",
    blocks: [
      ...(chart ? [{ kind: "chart", chart } as const] : []),
      { kind: "table", table: energyTable(evaluations), origin },
      { kind: "definitions", items: energyDefinitions },
    ],
  }];
}

function provenanceSection(): Section {
  return {
    heading: "How it was made",
    blocks: [{
      kind: "paragraph",
      text: [
        { text: "The page provenance.html", page: provenancePage() },
        ", which each run writes into the folder above this report's, draws the stages, and says of each result its key, " +
        "parameters, commit, time, inputs and outputs. This page can't hold keys and times itself: it has nothing in it but " +
        "what its own key covers, so that the same figures give the same page. The digests below the tables are those that " +
        "stand there beside the names of the files. In a terminal, ",
        { code: "deno task pipeline audit report --full" },
        " shows the same. What changed since: ",
        { code: "deno task pipeline why report" },
        ". (For a pipeline file other than ",
        { code: "pipeline.yaml" },
        " these and the commands below the tables take ",
        { code: "--file" },
        ".) The numbers themselves are in ",
        { code: "results.json" },
        ".",
      ],
    }],
  };
}
