import { vocabulary } from "../calibration/metrics/vocabulary.ts";
import type { VariantComparison } from "./comparison.ts";
import type { Definition } from "./document.ts";
import type { Results } from "./results.ts";

/** Defines a figure by the heading that {@link title} gives its column. */
function figureDefinition(name: string, more = ""): Definition {
  return { term: title(name), meaning: `${vocabulary[name].meaning}${more}` };
}

/** Returns the heading of a figure's column. */
export function title(name: string): string {
  return vocabulary[name].title;
}

/** Defines what stands in the table of accuracy and calibration, where calibrators were fitted on a split. */
export function scoreDefinitions(
  { fittedOn, metric }: Pick<VariantComparison, "fittedOn" | "metric">,
): readonly Definition[] {
  return [
    ...(metric === "mcc" ? [figureDefinition(metric)] : []),
    {
      term: "Calibration",
      meaning:
        "Whether probabilities can be taken at their word: of all texts that get the probability 0.8 for a class, " +
        "80 % should be of that class.",
    },
    {
      term: "Temperature",
      meaning:
        `A number T, fitted on ${fittedOn}, by which all logits are divided after training. Above 1 it makes a ` +
        "classifier less confident; it never changes the chosen class.",
    },
    figureDefinition("nll"),
    figureDefinition("brier"),
    figureDefinition("ece", " There are 20 bins of equal width, (a, b]."),
    figureDefinition(
      "ece_floor",
      " Shown are mean ± standard deviation over labels that were redrawn from the predicted probabilities. An ECE within " +
        "two deviations of its floor is no sign of miscalibration.",
    ),
    figureDefinition("ece_debiased"),
    figureDefinition("ece_classwise"),
  ];
}

/** Defines what stands in the table of intervals, beyond {@link scoreDefinitions}. */
export const intervalDefinitions: readonly Definition[] = [
  figureDefinition("smooth_ece"),
  figureDefinition("auroc_error"),
  figureDefinition("aurc"),
];

/** Defines what stands in the table of votes. */
export const voteDefinitions: readonly Definition[] = [
  figureDefinition("votes_cross_entropy"),
  figureDefinition("votes_kl"),
  figureDefinition("votes_total_variation"),
  figureDefinition("votes_ece"),
];

/** Defines what stands in the table of energies. */
export const energyDefinitions: readonly Definition[] = [
  {
    term: "Energy",
    meaning:
      "A number E that the variant learns for each text, beside the classes: low for texts like the data, high " +
      "for noise.",
  },
  {
    term: "Told apart",
    meaning:
      "Balanced accuracy of the rule “E + ln K < 0 means real text”, where K is the number of noise texts for " +
      "each text of the data in training.",
  },
];

/** Defines what stands in the tables of the noise. */
export function noiseDefinitions({ noiseModel }: Pick<Results, "noiseModel">): readonly Definition[] {
  return [...(noiseModel ? noiseModelDefinitions : []), ...noiseStrengthDefinitions];
}

const noiseModelDefinitions: readonly Definition[] = [
  {
    term: "Noise model",
    meaning:
      "A language model that reads a part of a text of the data, mostly with some of its tokens masked, and then " +
      "writes a text. What it writes is the noise, which some variants learn to tell from the data.",
  },
  {
    term: "Perplexity",
    meaning:
      "e to the power of the noise model's mean loss per token: among how many tokens it is undecided.",
  },
];

const noiseStrengthDefinitions: readonly Definition[] = [
  {
    term: "Told apart by counts of tokens",
    meaning:
      "How often a logistic regression that only counts tokens tells a noise text from a text of the data, on texts " +
      "that it wasn't trained on. The nearer to 50 %, the stronger the noise.",
  },
  {
    term: "Told apart by the energy",
    meaning:
      "The same as in the table of energies. Noise that is told apart too easily teaches a classifier little.",
  },
];

/** Defines the splits of the data. */
export const splitDefinitions: readonly Definition[] = [
  { term: "train", meaning: "Rows to train classifiers and the noise model on." },
  { term: "tune", meaning: "Rows to choose settings by." },
  { term: "dev1", meaning: "Rows to fit calibrators on." },
  { term: "dev2", meaning: "Rows that are measured and reported, and serve nothing else." },
  { term: "test", meaning: "The data set's own test set, where it has one, which is reported by itself." },
];

/** Defines the figures of how well texts of dev2 are told from others. */
export const detectionDefinitions: readonly Definition[] = [
  {
    term: "Score",
    meaning:
      "How familiar a text is to the classifier. Entropy and energies count with a minus sign, so that a higher " +
      "score always means more familiar.",
  },
  {
    term: "AUROC",
    meaning:
      "Probability that a text of dev2 has a higher score than another text: 0.5 by chance, 1 at best.",
  },
  {
    term: "AUPR",
    meaning:
      "Average precision of finding the texts of one set by the score: by chance their share, 1 at best.",
  },
  {
    term: "FPR@95",
    meaning: "Share of the other texts that are accepted where 95 % of dev2 are: lower is better.",
  },
];
