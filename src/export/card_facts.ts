import type { Dataset } from "../data/dataset.ts";
import type { ModelCalibrator } from "../inference/calibrator_file.ts";
import type { MeasuredSplit } from "./figures.ts";
import type { ExportedClassifier } from "./transformers_folder.ts";

/** All that a model card tells. */
export interface CardFacts {
  /** The name of the classifier, such as finetune@hidden. */
  readonly name: string;
  readonly classifier: ExportedClassifier;
  /** Its calibrator, whether or not it is part of the exported model. */
  readonly calibrator: ModelCalibrator | undefined;
  /** What it was trained on: the names of its sources; undefined where that isn't known any more. */
  readonly data: { readonly sources: readonly string[]; readonly dataset: Dataset } | undefined;
  /** What it showed on texts that it wasn't trained on; none where it wasn't evaluated. */
  readonly measured: readonly MeasuredSplit[];
  /** What it came from: what it is → which it is. */
  readonly provenance: Readonly<Record<string, string>>;
  /** The parameters of its training. */
  readonly parameters: unknown;
}
