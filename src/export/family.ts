/** What the transformers library calls the classifiers of the families that are trained here. */

import type { EncoderFamily } from "../nn/family.ts";

/** A family's `…ForSequenceClassification`. */
export interface LibraryClassifier {
  /** The name of its class. */
  readonly architecture: string;
  /** What stands before the names of the encoder's weights. */
  readonly prefix: string;
  /** The name of the head's last layer, which gives the logits. */
  readonly output: string;
  /** The function between the head's two layers, as Python code. */
  readonly activation: string;
}

const nested = { output: "classifier.out_proj", activation: "torch.tanh" } as const;

/** The classifiers by family; docs/models.md describes their heads. */
export const libraryClassifiers: Readonly<Record<EncoderFamily, LibraryClassifier>> = {
  bert: {
    architecture: "BertForSequenceClassification",
    prefix: "bert.",
    output: "classifier",
    activation: "torch.tanh",
  },
  roberta: { architecture: "RobertaForSequenceClassification", prefix: "roberta.", ...nested },
  distilbert: {
    architecture: "DistilBertForSequenceClassification",
    prefix: "distilbert.",
    output: "classifier",
    activation: "torch.relu",
  },
  electra: {
    ...nested,
    architecture: "ElectraForSequenceClassification",
    prefix: "electra.",
    activation: "torch.nn.functional.gelu",
  },
  mpnet: { architecture: "MPNetForSequenceClassification", prefix: "mpnet.", ...nested },
};
