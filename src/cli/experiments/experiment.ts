/** Reads what the stages of a store measured, and with which parameters. */

import { readText } from "../../pipeline/store/blobs.ts";
import type { ActionKey } from "../../pipeline/store/digest.ts";
import { type InstanceName, stageOf } from "../../pipeline/store/instance_name.ts";
import { lineageOf } from "../../pipeline/store/lineage.ts";
import type { ActionRecord } from "../../pipeline/store/record.ts";
import { readRecord, recordedKeys } from "../../pipeline/store/results.ts";
import type { Store } from "../../pipeline/store/store.ts";

/** A result with figures: that of a stage which wrote `metrics.json`. */
export interface Experiment {
  readonly instance: InstanceName;
  readonly stage: string;
  readonly key: ActionKey;
  /** The parameters of its stage and of all that it came from, as `finetune.steps`. */
  readonly parameters: ReadonlyMap<string, unknown>;
  /** Figures by their names. */
  readonly metrics: ReadonlyMap<string, number>;
  /** The time that it and all that it came from took. */
  readonly seconds: number;
  /** When it was done. */
  readonly ended: string;
  /** Path of a module → digest of its text. */
  readonly sources: NonNullable<ActionRecord["sources"]>;
}

/** Lists the experiments in a store, the newest first. */
export function experimentsIn(store: Store): readonly Experiment[] {
  const records = recordedKeys(store).flatMap((key) => readRecord(store, key) ?? []);
  return records.flatMap((record) => experimentOf(store, record) ?? [])
    .sort((a, b) => (a.ended < b.ended ? 1 : -1));
}

function experimentOf(store: Store, record: ActionRecord): Experiment | undefined {
  const written = record.files["metrics.json"];
  const metrics = written && metricsIn(readText(store, written.digest) ?? "");
  if (!metrics || metrics.size === 0) return undefined;
  const lineage = lineageOf(store, [record]);
  const { instance, key, ended, sources = {} } = record;
  return {
    ...{ instance, stage: stageOf(instance), key, metrics, ended, sources },
    parameters: new Map(
      lineage.flatMap(({ instance, preImage }) =>
        Object.entries(Object(preImage.parameters)).map(([name, value]) =>
          [`${stageOf(instance)}.${name}`, value] as const
        )
      ),
    ),
    seconds: lineage.reduce((sum, one) => sum + (Date.parse(one.ended) - Date.parse(one.started)) / 1000, 0),
  };
}

/**
 * Returns the figures in the text of a `metrics.json`: those that `evaluate` measures before and after
 * temperature scaling, which have an `@T` behind their names, or else the numbers at its top.
 */
export function metricsIn(text: string): ReadonlyMap<string, number> {
  const whole = parsed(text);
  const { uncalibrated, calibrated, temperature } = whole;
  if (typeof uncalibrated !== "object") return new Map(numbersIn(whole));
  const after = numbersIn(calibrated).filter(([name]) => measured.includes(name) && name !== "accuracy");
  return new Map([
    ...numbersIn(uncalibrated).filter(([name]) => measured.includes(name)),
    ...numbersIn(temperature).map(([, value]) => ["T", value] as const),
    ...after.map(([name, value]) => [`${name}@T`, value] as const),
  ]);
}

/** The figures that are shown of those that `evaluate` measures. */
const measured = ["mcc", "accuracy", "nll", "brier", "ece"];

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

function numbersIn(value: unknown): readonly (readonly [string, number])[] {
  return Object.entries(Object(value)).filter((entry): entry is [string, number] =>
    typeof entry[1] === "number"
  );
}
