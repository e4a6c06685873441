import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { InputError } from "../../errors.ts";
import { suggestion } from "../../nearest.ts";
import { calibratorName } from "../../inference/model_digest.ts";
import type { ActionKey } from "../../pipeline/store/digest.ts";
import { requireFormat } from "../../pipeline/store/format.ts";
import type { InstanceName } from "../../pipeline/store/instance_name.ts";
import { instancesWithResults, latestKey } from "../../pipeline/store/results.ts";
import { forEachPipeline, openStore, type Store } from "../../pipeline/store/store.ts";
import { viewPath } from "../../pipeline/store/views.ts";

/** The folder for calibrators that people fit on texts of their own, by the digests of their models. */
export const calibratorFolder = join("artifacts", ".calibrators");

/** A model that a person named, and where its calibrator may be. */
export interface NamedModel {
  readonly folder: string;
  /** The key of the result that it is part of, where it was named by an instance. */
  readonly key: ActionKey | undefined;
  /** Lists the files in which its calibrator may be: a person's own comes before that of evaluate. */
  calibrators(digest: string): Generator<string>;
  /** Lists the results among which those of its evaluation may be. */
  results(): Generator<Result>;
}

/** A result of any pipeline file of the project. */
export interface Result {
  readonly instance: InstanceName;
  readonly key: ActionKey | undefined;
  /** The folder in which it is shown. */
  readonly folder: string;
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
  return existsSync(name) ? modelIn(store, name) : instanceIn(store, instanceNamed(store, name, true));
}

/**
 * Finds the model that is an instance's newest result.
 *
 * @throws {InputError} where the instance has none
 */
export function instanceModel(store: Store, instance: string): NamedModel {
  return instanceIn(store, instanceNamed(store, instance, false));
}

function instanceIn(store: Store, instance: InstanceName): NamedModel {
  const folder = relative(Deno.cwd(), modelFolder(store, instance));
  return modelIn(store, folder, latestKey(store, instance));
}

function modelIn(store: Store, folder: string, key?: ActionKey): NamedModel {
  return {
    folder,
    key,
    *calibrators(digest) {
      yield ownCalibrator(digest);
      yield join(folder, calibratorName);
      for (const result of resultsIn(store)) yield join(result.folder, calibratorName);
    },
    results: () => resultsIn(store),
  };
}

/** Lists all newest results, those of the store's own pipeline file first. */
function* resultsIn(store: Store): Generator<Result> {
  for (const each of [store, ...forEachPipeline(store)]) {
    for (const instance of instancesWithResults(each)) {
      yield { instance, key: latestKey(each, instance), folder: viewPath(each, instance) };
    }
  }
}

/** Returns the path of the calibrator that a person fits to a model. */
export function ownCalibrator(digest: string): string {
  return join(calibratorFolder, `${digest}.json`);
}

/** Returns the folder of the classifier that is among an instance's outputs. */
function modelFolder(store: Store, instance: InstanceName): string {
  return join(viewPath(store, instance), "model");
}

/** @param orFolder whether the name could have been that of a folder */
function instanceNamed(store: Store, name: string, orFolder: boolean): InstanceName {
  const isClassifier = (one: InstanceName) => existsSync(join(modelFolder(store, one), "classifier.json"));
  const known = instancesWithResults(store).filter(isClassifier);
  const instance = known.find((one) => one === name);
  if (instance) return instance;
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
