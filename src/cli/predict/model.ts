import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { InputError } from "../../errors.ts";
import { suggestion } from "../../nearest.ts";
import { calibratorName } from "../../inference/model_digest.ts";
import { requireFormat } from "../../pipeline/store/format.ts";
import type { InstanceName } from "../../pipeline/store/instance_name.ts";
import { instancesWithResults } from "../../pipeline/store/results.ts";
import { forEachPipeline, openStore, type Store } from "../../pipeline/store/store.ts";
import { viewPath } from "../../pipeline/store/views.ts";

/** The folder for calibrators that people fit on texts of their own, by the digests of their models. */
export const calibratorFolder = join("artifacts", ".calibrators");

/** A model that a person named, and where its calibrator may be. */
export interface NamedModel {
  readonly folder: string;
  /** Lists the files in which its calibrator may be: a person's own comes before that of evaluate. */
  calibrators(digest: string): Generator<string>;
}

/**
 * Finds a model by the name of an instance, such as finetune@hidden, whose newest result it is, or else by
 * its folder.
 *
 * @param file the pipeline file that the instance is of
 * @throws {InputError} where the instance has no result, or there is no such folder
 */
export function namedModel(name: string, file: string): NamedModel {
  const root = join(Deno.cwd(), "artifacts", ".store");
  requireFormat(root);
  const store = openStore(root, relative(Deno.cwd(), resolve(file)));
  return modelIn(store, existsSync(name) ? name : folderOfInstance(store, name, true));
}

/**
 * Finds the model that is an instance's newest result.
 *
 * @throws {InputError} where the instance has none
 */
export function instanceModel(store: Store, instance: string): NamedModel {
  return modelIn(store, folderOfInstance(store, instance, false));
}

function modelIn(store: Store, folder: string): NamedModel {
  return {
    folder,
    *calibrators(digest) {
      yield ownCalibrator(digest);
      yield join(folder, calibratorName);
      for (const result of resultFolders(store)) yield join(result, calibratorName);
    },
  };
}

/** Lists the folders of all newest results, those of the store's own pipeline file first. */
export function resultFolders(store: Store): readonly string[] {
  return [store, ...forEachPipeline(store)].flatMap((each) =>
    instancesWithResults(each).map((instance) => viewPath(each, instance))
  );
}

/** Returns the path of the calibrator that a person fits to a model. */
export function ownCalibrator(digest: string): string {
  return join(calibratorFolder, `${digest}.json`);
}

/** @param orFolder whether the name could have been that of a folder */
function folderOfInstance(store: Store, name: string, orFolder: boolean): string {
  const isClassifier = (one: InstanceName) =>
    existsSync(join(viewPath(store, one), "model", "classifier.json"));
  const known = instancesWithResults(store).filter(isClassifier);
  const instance = known.find((one) => one === name);
  if (instance) return relative(Deno.cwd(), join(viewPath(store, instance), "model"));
  const { file } = store.pipeline;
  throw new InputError({
    found: orFolder
      ? `no folder "${name}", and no model of that name among the results of ${file}`
      : `no model "${name}" among the results of ${file}`,
    expected:
      `${orFolder ? "a model's folder, or " : ""}an instance of the pipeline with a result, such as ` +
      "finetune@hidden",
    fix: known.length > 0
      ? `${suggestion(name, known)} --file names another pipeline.`
      : `Train one: deno task pipeline --file ${file}`,
  });
}
