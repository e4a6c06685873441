import { formatCount } from "../report/format.ts";
import type { CardFacts } from "./card_facts.ts";

/** Lists what a user of the model must not expect of it, in sentences. */
export function cardLimits(
  { classifier: { maxTokens, kept }, calibrator, measured }: CardFacts,
): readonly string[] {
  const isRounded = calibrator?.model.precision === "bfloat16";
  return [
    `It reads ${formatCount(maxTokens)} tokens of a text. What comes after them is cut off.`,
    "Its confidence is measured on texts like those of its data. On texts of another kind it may be wrong: fit the " +
    "temperature anew on a few hundred of them that you have labelled.",
    `It is one training with one seed, of which step ${kept.step} of ${kept.steps} was kept (${kept.why}). The ` +
    "intervals leave out what another seed would change, and the uncertainty of the temperature.",
    ...(isRounded
      ? [
        "It was measured with matrix products in bfloat16. In float32 its logits differ in the third digit or so.",
      ]
      : []),
    ...(calibrator?.calibrator.note === undefined
      ? []
      : [`A note on the temperature: ${calibrator.calibrator.note}.`]),
    ...(measured.length > 0
      ? [
        "An ECE that isn't far above its floor, which a perfectly calibrated classifier would show on as many " +
        "texts, is no sign of miscalibration.",
      ]
      : []),
    "No license is stated. It depends on the pretrained model and on the data: state it before you publish this.",
  ];
}
