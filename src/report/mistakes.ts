import { topLabel } from "../calibration/metrics/top_label.ts";
import { softmax } from "../calibration/predictions/softmax.ts";
import { sharesOf } from "../calibration/predictions/votes.ts";
import type { Row } from "../data/rows.ts";
import type { FirstTraining } from "./first_trainings.ts";

/** A text of dev2 that some variant is wrong about. */
export interface Mistake {
  readonly id: string;
  /** Undefined where texts are to stay out of the report. */
  readonly text?: string;
  readonly pair?: string;
  readonly label: string;
  /** The share of people who chose the label, where several people judged the text. */
  readonly votes?: number;
  /** What the variants that are wrong take it for, the surest first. */
  readonly answers: readonly WrongAnswer[];
}

interface WrongAnswer {
  readonly variant: string;
  readonly predicted: string;
  readonly confidence: number;
}

const shownMistakes = 20;

/** Finds the texts that a variant is most sure about and wrong, as trained, the surest mistake first. */
export function surestMistakes(
  trainings: readonly FirstTraining[],
  rows: readonly Row[],
  classes: readonly string[],
  { showTexts }: { readonly showTexts: boolean },
): readonly Mistake[] {
  const judged = trainings.map(({ evaluation: { variant }, dev2 }) => ({
    variant,
    ...topLabel(softmax(dev2.logits, dev2.classes), dev2.labels, dev2.classes),
  }));
  const mistakes = rows.flatMap(({ id, text, pair, label, votes }, row): Mistake[] => {
    const answers = judged.filter(({ correct }) => correct[row] === 0)
      .map(({ variant, predicted, confidences }) => ({
        variant,
        predicted: classes[predicted[row]],
        confidence: confidences[row],
      }))
      .toSorted((a, b) => b.confidence - a.confidence);
    if (answers.length === 0) return [];
    return [{
      id,
      ...(showTexts ? { text, ...(pair === undefined ? {} : { pair }) } : {}),
      label: classes[label],
      ...(votes === undefined ? {} : { votes: sharesOf(votes)[label] }),
      answers,
    }];
  });
  return mistakes.toSorted((a, b) => b.answers[0].confidence - a.answers[0].confidence)
    .slice(0, shownMistakes);
}
