/** Chooses the columns of a table of experiments, and sorts its rows. */

import { figures } from "../../calibration/metrics/figures.ts";
import type { Experiment } from "./experiment.ts";

/** A column of experiments. */
export interface Column {
  readonly name: string;
  /** A parameter's name with its stage; otherwise the same as `name`. */
  readonly full: string;
  /** Returns its value, or undefined where an experiment has none. */
  of(experiment: Experiment): string | number | undefined;
}

/** Returns the columns of the parameters that differ, by names that are as short as they may be. */
export function parameterColumns(experiments: readonly Experiment[]): readonly Column[] {
  const names = new Set(experiments.flatMap(({ parameters }) => [...parameters.keys()]));
  const valuesOf = (name: string) => experiments.map(({ parameters }) => textOf(parameters.get(name)));
  const differing = [...names].filter((name) => new Set(valuesOf(name)).size > 1);
  // A variant or a precision may be a parameter of several stages: it is shown once.
  const kept = [...Map.groupBy(differing, (name) => JSON.stringify([lastOf(name), valuesOf(name)])).values()]
    .map(([first]) => first);
  return kept.map((name) => ({
    name: kept.filter((other) => lastOf(other) === lastOf(name)).length === 1 ? lastOf(name) : name,
    full: name,
    of: ({ parameters }) => textOf(parameters.get(name)),
  }));
}

/** Returns a parameter's value as a text: lists and objects as JSON. */
function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Returns the columns of the figures that any of the experiments has. */
export function metricColumns(experiments: readonly Experiment[]): readonly Column[] {
  const names = new Set(experiments.flatMap(({ metrics }) => [...metrics.keys()]));
  return [...names].map((name) => ({ name, full: name, of: ({ metrics }) => metrics.get(name) }));
}

/** Sorts experiments by a column: figures from the best on, anything else ascending; those without a value last. */
export function sorted(experiments: readonly Experiment[], column: Column): readonly Experiment[] {
  const direction = isHigherBetter(column.name) ? -1 : 1;
  return experiments.toSorted((a, b) => {
    const [one, other] = [column.of(a), column.of(b)];
    if (one === undefined || other === undefined) {
      return Number(one === undefined) - Number(other === undefined);
    }
    return direction * compare(one, other);
  });
}

function isHigherBetter(name: string): boolean {
  const figure = Object.entries(figures).find(([known]) => known === name.replace(/@T$/, ""))?.[1];
  return figure !== undefined && "better" in figure && figure.better === "higher";
}

function compare(a: string | number, b: string | number): number {
  const [one, other] = [Number(a), Number(b)];
  if (!Number.isNaN(one) && !Number.isNaN(other)) return one - other;
  return String(a) < String(b) ? -1 : Number(String(a) > String(b));
}

function lastOf(name: string): string {
  return name.slice(name.indexOf(".") + 1);
}
