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
  if (unlabelled.length > 0) lines.push(withoutLabel(unlabelled));
  return lines;
}

function withoutLabel(unlabelled: NonNullable<Source["unlabelled"]>): string {
  const labels = [...new Set(unlabelled.flatMap((row) => row.reason === "no label" ? row.label : []))];
  const why = labels.length > 0 ? `, labelled ${excerpts(labels)}` : ", whose votes have no majority";
  return `${unlabelled.length} ${unlabelled.length === 1 ? "row" : "rows"} without a label dropped${why}`;
}
