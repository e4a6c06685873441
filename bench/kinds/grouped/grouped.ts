import type { Precision } from "../../../src/graph/graph.ts";
import { readConfig } from "../../../src/nn/read_config.ts";
import type { Bench, Findings } from "../../benchmark.ts";
import type { ClassifierWork } from "../../calibrant/classifier.ts";
import { workCommand } from "../../calibrant/command.ts";
import type { Command } from "../../command.ts";
import { classifierSteps, groupedSteps, readReviews } from "../../inputs/reviews.ts";
import { writeRunFile } from "../../inputs/run_file.ts";
import { inTurn, type Measurement, totalTokenRate } from "../../measuring/turns.ts";
import { count, ratio, table } from "../../page/table.ts";
import { hasBfloat16 } from "../../../src/runtime/machine.ts";
import { torchCommand } from "../../peers/torch.ts";

/** How many times as fast as the faster of PyTorch's ways Calibrant is to be in the same precision. */
const goals: Readonly<Record<Precision, number>> = { float32: 2, bfloat16: 2.2 };

/** What resultHeadings calls the same columns, from which the chart is drawn. */
const ratioHeadings = { float32: "float32 : float32", bfloat16: "bf16 : bf16" } as const;

/** PyTorch's ways to train. */
const ways = { eager: false, compiled: true } as const;

/** Measures training steps on reviews beside PyTorch, whose batches are grouped by length. */
export async function benchGrouped(bench: Bench): Promise<Findings> {
  const { settings: { crossEntropy, joint, noiseRatios } } = bench;
  // Without bfloat16's products a step of PyTorch's takes minutes, which says nothing.
  const precisions = hasBfloat16() ? bench.settings.precisions : ["float32" as const];
  const rows = [
    await contest(bench, {
      name: `cross-entropy, ${crossEntropy.rows} reviews`,
      rows: crossEntropy.rows,
      precisions,
    }),
  ];
  for (const noiseRatio of noiseRatios) {
    const name = `joint, ${joint.rows} reviews, K = ${noiseRatio}, hidden`;
    rows.push(await contest(bench, { name, rows: joint.rows, noiseRatio, precisions }));
  }
  const text = [
    "Tokens in a second, not counting padding. PyTorch trains as a careful user lets it: texts are sorted by length within " +
    "fifty batches, as `group_by_length` of transformers' Trainer does, and padded to a multiple of eight; compiled means " +
    "`torch.compile(dynamic=True)`. Calibrant packs batches as they are drawn, and has the task's vocabulary. The ratios are " +
    "to the faster of PyTorch's two in the same precision." +
    (hasBfloat16() ? "" : " This CPU has no products in bfloat16, so that float32 alone was measured."),
    table([
      "grouped by length",
      ...precisions,
      ...precisions.flatMap((precision) => Object.keys(ways).map((way) => `PyTorch ${way} ${precision}`)),
      ...precisions.map((precision) => ratioHeadings[precision]),
    ], rows),
  ].join("\n\n");
  return { text };
}

interface GroupedContest {
  readonly name: string;
  readonly rows: number;
  readonly precisions: readonly Precision[];
  /** K; undefined for cross-entropy alone. */
  readonly noiseRatio?: number;
}

async function contest(
  bench: Bench,
  { name, rows, precisions, noiseRatio }: GroupedContest,
): Promise<string[]> {
  const { peers, config, checkpoint, settings: { groupedPace } } = bench;
  const batches = noiseRatio === undefined ? 1 : 2 + noiseRatio;
  const splits = await readReviews(bench);
  const { ours, vocabularySize } = await classifierSteps(bench, splits, rows, batches);
  const oursFile = writeRunFile(bench, "grouped-ours", ours);
  const theirsFile = writeRunFile(
    bench,
    "grouped-theirs",
    await groupedSteps(bench, splits.train, rows, batches),
  );
  const full = await readConfig(checkpoint);
  const work = (precision: Precision, vocabularySize: number): ClassifierWork => ({
    kind: "classifier",
    config: { ...config, vocabularySize },
    precision,
    variant: noiseRatio === undefined ? "baseline" : "hidden",
    noiseRatio: noiseRatio ?? 1,
  });
  const commands: Record<string, Command> = {};
  for (const precision of precisions) {
    commands[precision] = workCommand(bench, work(precision, vocabularySize), oursFile);
    for (const [way, compiled] of Object.entries(peers ? ways : {})) {
      const theirs = { ...work(precision, full.vocabularySize), padTo: 8, compiled };
      commands[`${way} ${precision}`] = torchCommand(theirs, theirsFile);
    }
  }
  const measured: Readonly<Record<string, Measurement | undefined>> = await inTurn(commands, groupedPace);
  const rate = (command: string) => measured[command] ? totalTokenRate(measured[command]) : NaN;
  const theirs = precisions.map((precision) => Object.keys(ways).map((way) => rate(`${way} ${precision}`)));
  const row = [
    name,
    ...precisions.map((precision) => `${count(rate(precision))}/s`),
    ...theirs.flat().map((one) => peers ? `${count(one)}/s` : "–"),
    ...precisions.map((precision, at) =>
      peers ? ratio(rate(precision) / Math.max(...theirs[at]), goals[precision]) : "–"
    ),
  ];
  bench.say(row.join(" | "));
  return row;
}
