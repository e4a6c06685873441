/** Puts what has changed between two results into words. */

import type { Change, FileChange, Part } from "../../pipeline/explain/changes.ts";
import type { Json } from "../../pipeline/store/digest.ts";
import { oneLine } from "../terminal/one_line.ts";
import { count, dim, listed, short } from "../terminal/text.ts";

const mostNamed = 2; // changes of one part in a line, and files of one input
const mostFiles = 5; // files of one input, a line each

/**
 * Names the changes in one line, or counts them where there are many: `parameter rate, 16 modules changed`.
 */
export function summaryOf(changes: readonly Change[]): string {
  const byPart = Map.groupBy(changes, ({ part }) => part);
  const parts = [...byPart].map(([part, changes]) => {
    const names = changes.map(nameWithFiles).join(" and ");
    const noun = part === "environment" ? "environment fact" : part;
    if (changes.length > mostNamed) return count(changes.length, noun);
    return changes.length === 1 ? `${noun} ${names}`.trimEnd() : `${noun}s ${names}`;
  });
  return oneLine(`${parts.join(", ")} changed`);
}

function nameWithFiles({ name, files }: Change): string {
  return files ? `${name} (${listed(files.map(fileText), mostNamed)})` : name;
}

/** Says what became of a file. One that changed is only named, since the sentence ends with "changed". */
function fileText({ file, before, after }: FileChange): string {
  return before === undefined ? `${file} added` : after === undefined ? `${file} removed` : file;
}

/**
 * Returns a line for each change, in columns (kind, name, old → new), and below a folder's line those of its
 * files.
 */
export function describeChanges(changes: readonly Change[]): readonly string[] {
  const widthOf = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => text.length));
  const parts = widthOf(changes.map(({ part }) => part));
  const names = widthOf(changes.map(({ name }) => name));
  return changes.flatMap(({ part, name, before, after, files = [] }) => {
    const [old, current] = [before, after].map((value) => shown(part, value));
    return [`  ${part.padEnd(parts)}  ${name.padEnd(names)}  ${old} → ${current}`, ...fileLines(files)].map(
      oneLine,
    );
  });
}

function fileLines(files: readonly FileChange[]): readonly string[] {
  const lines = files.slice(0, mostFiles).map((change) =>
    change.before !== undefined && change.after !== undefined ? `${change.file} changed` : fileText(change)
  );
  const more = files.length - lines.length;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].map((line) => `    ${dim(line)}`);
}

function shown(part: Part, value: Json | undefined): string {
  if (value === undefined) return dim("none");
  if (part === "parameter") return JSON.stringify(value);
  return part === "environment" ? String(value) : short(String(value)); // the rest are digests
}
