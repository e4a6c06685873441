import type { Section, Table } from "./document.ts";
import { formatCount, formatDecimal, formatPoints, formatShare } from "./format.ts";
import type { Mistake } from "./mistakes.ts";
import { originsOf } from "./origin.ts";
import type { Results } from "./results.ts";
import type { Slices, SureAndRight } from "./slices.ts";

/** How many classes are shown at most: those with the most texts. */
const mostClasses = 10;

/** Shows how variants do on parts of dev2, and which mistakes they are surest of. */
export function textSections(results: Results): Section[] {
  const { slices, mistakes, evaluations, data } = results;
  const origin = originsOf(results).predictions;
  const [{ seed }] = evaluations;
  const trainings = evaluations.some((other) => other.seed !== seed)
    ? ` They are of the trainings with seed ${seed}.`
    : "";
  const left = data.classes.length - mostClasses;
  return [
    {
      heading: "By class and length",
      blocks: [
        {
          kind: "paragraph",
          text: [
            `These figures are of parts of dev2, as trained.${trainings} The gap is the mean confidence less the accuracy, in `,
            "percentage points: above 0, a classifier is too sure. Behind ± stands what chance explains, two standard ",
            "deviations for as many texts and confidences like these: a smaller gap says nothing against the classifier. Of ",
            "many parts a few exceed it by chance.",
            left > 0
              ? ` Shown are the ${mostClasses} classes with the most texts; ${left} are left out.`
              : "",
          ],
        },
        { kind: "table", table: classTable(slices), origin },
        { kind: "table", table: lengthTable(slices), origin },
        {
          kind: "definitions",
          items: [
            { term: "Found", meaning: "The share of a class's texts that are given this class (recall)." },
            {
              term: "Right",
              meaning: "The share that is right of the texts that are given a class (precision).",
            },
          ],
        },
      ],
    },
    ...(mistakes.length === 0 ? [] : [{
      heading: "Surest mistakes",
      blocks: [
        {
          kind: "paragraph",
          text: [
            `The texts of dev2 that a variant is surest about, and wrong, as trained.${trainings} Where people disagree, or the `,
            "label is wrong, there was little to be right about.",
          ],
        } as const,
        { kind: "table", table: mistakeTable(mistakes), origin } as const,
      ],
    }]),
  ];
}

/** Shows for each class how many of its texts each variant finds, and how sure and right it is where it gives it. */
function classTable(slices: readonly Slices[]): Table {
  const [{ classes }] = slices;
  const shown = classes.map(({ texts }, index) => ({ texts, index }))
    .toSorted((a, b) => b.texts - a.texts).slice(0, mostClasses).map(({ index }) => index);
  return {
    caption: "By class: the texts of each class, and those that are given it",
    headings: ["Class: variant", "Texts", "Found", "Given it", "Right", "Confidence", "Gap"],
    groups: [...classes.keys()].filter((index) => shown.includes(index)).map((index) =>
      slices.map(({ variant, classes }) => {
        const { name, texts, found, given } = classes[index];
        return {
          name: `${name}: ${variant}`,
          cells: [
            formatCount(texts),
            formatShare(found),
            formatCount(given?.examples ?? 0),
            ...sureAndRightCells(given),
          ],
        };
      })
    ),
  };
}

/** Shows for texts of each length how sure and right each variant is. */
function lengthTable(slices: readonly Slices[]): Table {
  const [{ lengths }] = slices;
  return {
    caption: "By length: quarters of the texts, by their number of characters",
    headings: ["Characters: variant", "Texts", "Right", "Confidence", "Gap"],
    groups: lengths.map(({ shortest, longest }, index) =>
      slices.map(({ variant, lengths }) => ({
        name: `${formatCount(shortest)} to ${formatCount(longest)}: ${variant}`,
        cells: [formatCount(lengths[index].examples), ...sureAndRightCells(lengths[index])],
      }))
    ),
  };
}

function sureAndRightCells(part: SureAndRight | null): string[] {
  if (!part) return [null, null, null].map(formatShare);
  const { accuracy, confidence, chance } = part;
  return [
    formatShare(accuracy),
    formatShare(confidence),
    `${formatPoints(confidence - accuracy)} ± ${formatDecimal(100 * chance, 1)}`,
  ];
}

function mistakeTable(mistakes: readonly Mistake[]): Table {
  const hasVotes = mistakes.some(({ votes }) => votes !== undefined);
  return {
    caption: `The ${formatCount(mistakes.length)} surest mistakes`,
    ofTexts: true,
    headings: [
      mistakes.some(({ text }) => text !== undefined) ? "Text" : "Row of dev2",
      "Class",
      ...(hasVotes ? ["People who say so"] : []),
      "Taken for",
      "Confidence",
      "By",
    ],
    groups: [mistakes.map(({ id, text, pair, label, votes, answers }) => ({
      name: [text ?? id, ...(pair === undefined ? [] : [pair])].join(" / "),
      cells: [
        label,
        ...(hasVotes ? [formatShare(votes ?? null)] : []),
        answers[0].predicted,
        formatShare(answers[0].confidence),
        answers.map(({ variant, confidence }) => `${variant} ${formatShare(confidence)}`).join("\n"),
      ],
    }))],
  };
}
