import { excerpts } from "../excerpt.ts";
import type { Partition } from "./partition.ts";
import type { Source } from "./source.ts";
import { splitNames } from "./splits.ts";

/** Says in a few lines how a source was split, and what was inferred or left out on the way. */
export function describeSplit(source: Source, { splits, test, duplicates }: Partition): string[] {
  const counts = splitNames.map((name) => `${name} ${splits[name].length}`);
  if (test) counts.push(`test ${test.length}`);
  const { groups, rows, droppedFromTrain, droppedFromDev } = duplicates;
  const fromDev = droppedFromDev ? `, ${droppedFromDev} from dev` : "";
  const lines = [
    `${counts.join(", ")} rows; ${rows} near duplicates in ${groups} groups, ` +
    `${droppedFromTrain} dropped from train${fromDev}`,
  ];
  const { classes, areClassesInferred, unlabelled = [] } = source;
  if (areClassesInferred) lines.push(`${classes.length} classes inferred: ${excerpts(classes)}`);
  const textless = unlabelled.filter(({ reason }) => reason === "no text");
  if (textless.length > 0) lines.push(`${counted(textless)} without a text dropped`);
  if (unlabelled.length > textless.length) {
    lines.push(withoutLabel(unlabelled.filter(({ reason }) => reason !== "no text")));
  }
  return [...lines, ...source.notes ?? []];
}

function withoutLabel(unlabelled: NonNullable<Source["unlabelled"]>): string {
  const labels = [...new Set(unlabelled.flatMap((row) => row.reason === "no label" ? row.label : []))];
  const why = labels.length > 0 ? `, labelled ${excerpts(labels)}` : ", whose votes have no majority";
  return `${counted(unlabelled)} without a label dropped${why}`;
}

function counted(rows: readonly unknown[]): string {
  return `${rows.length} ${rows.length === 1 ? "row" : "rows"}`;
}
