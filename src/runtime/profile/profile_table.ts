import type { Precision } from "../../graph/graph.ts";
import { type SignatureProfile, warmUpRuns } from "./recorder.ts";
import { type RunShares, sharesOf, type TypeShare } from "./shares.ts";

/** The machine that a profile was taken on, which the table compares the operations with. */
export interface Machine {
  readonly precision: Precision;
  readonly threads: number;
  /** The floating-point operations per second of large matrix products in this precision. */
  readonly peak: number;
  /** The most memory that the process has held. */
  readonly residentBytes: number;
}

/** Types of operations that take a smaller share of the time are shown in one row. */
const leastShare = 0.01;

/**
 * Writes a profile as Markdown that is readable as plain text: one table for each signature with traced runs,
 * then a table of all signatures.
 */
export function profileTable(signatures: readonly SignatureProfile[], machine: Machine): string {
  const traced = signatures.filter(({ traced }) => traced.length > 0);
  return [
    ...traced.flatMap((signature) => describeSignature(signature, machine)),
    ...alignedTable(
      ["Signature", "Runs", "Seconds", "Traced"],
      signatures.map((
        { name, runs, milliseconds, traced },
      ) => [name, String(runs), (milliseconds / 1000).toFixed(2), String(traced.length)]),
    ),
    "",
    `Peak: ${
      gigaflops(machine.peak)
    } GFLOP/s, the fastest of large matrix products in ${machine.precision} on ` +
    `${machine.threads} ${machine.threads === 1 ? "thread" : "threads"}. ` +
    `Memory: at most ${(machine.residentBytes / 1e9).toFixed(2)} GB resident.`,
    "",
  ].join("\n");
}

function describeSignature({ name, traced }: SignatureProfile, machine: Machine): string[] {
  const shares = sharesOf(traced);
  const { milliseconds, tokens } = shares;
  const perSecond = tokens / milliseconds * 1000;
  const reading = tokens > 0 ? `, ${tokens.toFixed(0)} tokens, ${perSecond.toFixed(0)} tokens/s` : "";
  return [
    `${name}: ${milliseconds.toFixed(1)} ms a run${reading} ` +
    `(mean of ${traced.length} traced, after ${warmUpRuns} to warm up)`,
    "",
    ...alignedTable(
      ["Operation", "Count", "ms", "Share", "GFLOP", "GFLOP/s", "Of peak"],
      rowsOf(shares, machine.peak),
    ),
    "",
  ];
}

function rowsOf({ types, flops, milliseconds, idleMilliseconds }: RunShares, peak: number): string[][] {
  const row = (label: string, count: string, time: number, work: number) => {
    const rate = work / time * 1000;
    const speed = work > 0 ? [gigaflops(work), gigaflops(rate), percent(rate / peak)] : ["", "", ""];
    return [label, count, time.toFixed(1), percent(time / milliseconds), ...speed];
  };
  const typeRow = (type: TypeShare) => row(type.type, type.count.toFixed(0), type.milliseconds, type.flops);
  const [shown, rest] = [true, false].map((isShown) =>
    types.filter((type) => isShown === type.milliseconds >= leastShare * milliseconds)
  );
  return [
    ...shown.map(typeRow),
    ...(rest.length > 0 ? [typeRow(together(rest))] : []),
    row("between operations", "", idleMilliseconds, 0),
    row("the whole run", "", milliseconds, flops),
  ];
}

function together(types: readonly TypeShare[]): TypeShare {
  const total = (part: "count" | "milliseconds" | "flops") =>
    types.reduce((sum, type) => sum + type[part], 0);
  return {
    type: `${types.length} other types`,
    count: total("count"),
    milliseconds: total("milliseconds"),
    flops: total("flops"),
  };
}

function gigaflops(flops: number): string {
  const giga = flops / 1e9;
  return giga.toFixed(giga < 10 ? 2 : 1);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Formats a table whose first column is aligned to the left and all others to the right. */
function alignedTable(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((row) => row[column].length)));
  const line = (cells: readonly string[]) =>
    `| ${
      cells.map((cell, column) => column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))
        .join(" | ")
    } |`;
  const rule = widths.map((width, column) => column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`);
  return [line(header), line(rule), ...rows.map(line)];
}
