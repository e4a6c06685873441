/** `export INSTANCE --format transformers` writes a classifier that the transformers library loads. */

import { resolve } from "node:path";
import { InputError } from "../../errors.ts";
import { writeClassifierExport } from "../../export/classifier_export.ts";
import type { ActionRecord } from "../../pipeline/store/record.ts";
import type { Store } from "../../pipeline/store/store.ts";
import { instanceModel } from "../predict/model.ts";
import { oneLine } from "../terminal/one_line.ts";
import { writeNewFolder } from "./new_folder.ts";
import { dataOf, provenanceOf } from "./card_provenance.ts";

export interface ClassifierOptions {
  readonly out?: string;
  /** Makes the temperature part of the last layer. */
  readonly calibrated: boolean;
  readonly json: boolean;
}

/**
 * Writes a classifier with its model card into a new folder.
 *
 * @param name the instance, such as finetune@hidden
 * @param record the record of its newest result
 * @throws {InputError} where the instance is no classifier, the folder isn't new, or there is no temperature
 * to be made part of the model
 */
export async function exportClassifier(
  store: Store,
  name: string | undefined,
  record: ActionRecord,
  { out, calibrated, json }: ClassifierOptions,
): Promise<void> {
  if (name === undefined || out === undefined) {
    throw new InputError({
      found: name === undefined ? "no instance" : "no --out",
      expected: "a classifier and a folder for it: finetune@hidden --format transformers --out FOLDER",
    });
  }
  const { folder: model, calibrators, results } = instanceModel(store, name);
  await writeNewFolder(resolve(out), async (folder) => {
    const calibrator = await writeClassifierExport(folder, {
      ...{ name, model, calibrators, calibrated },
      results: Array.from(results(), ({ folder }) => folder),
      data: dataOf(store, record),
      provenance: await provenanceOf(store, record, name),
      parameters: record.preImage.parameters,
    });
    const written = { format: "transformers", out, instance: name, key: record.key, calibrated };
    const how = calibrated
      ? `, its temperature (${oneLine(calibrator?.calibrator.summary ?? "")}) in the last layer`
      : "";
    return json ? JSON.stringify(written, null, 2) : `wrote ${name} to ${out}${how}`;
  }, ["--allow-run=git"]);
}
