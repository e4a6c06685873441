import { join } from "node:path";
import type { Bench } from "../../benchmark.ts";
import type { Command } from "../../command.ts";
import { median } from "../../measuring/median.ts";
import { type Usage, usageOf } from "../../measuring/usage.ts";
import { beside, count, table } from "../../page/table.ts";
import { contestants } from "../../peers/predictors.ts";
import { threads } from "../../settings.ts";

/** The most seconds from a cold start to Calibrant's first answer. */
const firstAnswerGoal = 3;

/** The most by which logits may differ in float32, or else programs don't predict with the same weights. */
const tolerance = 1e-3;

/** Measures programs from their start to their end, in turn: for one text, and for all of them. */
export async function wholePrograms(
  bench: Bench,
  model: string,
  texts: readonly string[],
): Promise<{ readonly text: string; readonly failure?: string }> {
  const { root, folder, settings: { predict: { starts } } } = bench;
  const [one, all] = [texts.slice(0, 1), texts].map((some) => {
    const input = join(folder, `whole-${some.length}.jsonl`);
    Deno.writeTextFileSync(input, some.map((text) => `${JSON.stringify({ text })}\n`).join(""));
    return contestants(bench, (precision) => ourCommand(model, precision, input), "predict_file.py", [
      model,
      input,
    ]);
  });
  const output = (index: number) => join(folder, `answers-${index}.jsonl`);
  const [first, whole]: Usage[][][] = [one, all].map((sides) => sides.map(() => []));
  for (let start = 0; start < starts; start++) {
    for (const [index, { command }] of all.entries()) {
      first[index].push(await usageOf(one[index].command, { cwd: root }));
      whole[index].push(await usageOf(command, { cwd: root, output: output(index) }));
    }
  }
  const [reference] = all; // Calibrant in the first precision, which is float32 unless little is measured
  const differences = all.map((_, index) => largestDifference(logitsIn(output(index)), logitsIn(output(0))));
  const rows = all.map(({ name, precision, isOurs }, index) => {
    const taken = (usages: readonly Usage[], part: keyof Usage) => median(usages.map((usage) => usage[part]));
    const started = taken(first[index], "firstLineSeconds");
    const [figure, goal] = beside(started, "≤", firstAnswerGoal, seconds);
    return [
      `${name}, ${precision}`,
      isOurs ? `${figure} (${goal})` : seconds(started),
      seconds(taken(whole[index], "seconds")),
      seconds(taken(whole[index], "cpuSeconds")),
      count(Math.max(...whole[index].map(({ peakMebibytes }) => peakMebibytes))),
      differences[index].toPrecision(1),
    ];
  });
  rows.forEach((row) => bench.say(row.join(" | ")));
  const headings = [
    "program",
    "first answer",
    `${count(texts.length)} texts`,
    "CPU time",
    "peak MiB",
    "difference",
  ];
  const wrong = all.filter(({ precision }, index) =>
    [precision, reference.precision].every((one) => one === "float32") && !(differences[index] <= tolerance)
  );
  return {
    text: table(headings, rows),
    ...(wrong.length > 0
      ? { failure: `in float32 ${wrong.map(({ name }) => name).join(" and ")} gave other logits` }
      : {}),
  };
}

/** The command as a person types it, but for the terminal's messages of Deno's. */
function ourCommand(model: string, precision: string, input: string): Command {
  const options = [
    "--model",
    model,
    "--input",
    input,
    "--precision",
    precision,
    "--threads",
    String(threads),
  ];
  return [Deno.execPath(), "task", "--quiet", "predict", ...options];
}

function logitsIn(file: string): readonly number[] {
  return Deno.readTextFileSync(file).trim().split("\n").flatMap((line) => JSON.parse(line).logits);
}

function largestDifference(logits: readonly number[], others: readonly number[]): number {
  if (logits.length !== others.length) return NaN;
  return Math.max(...logits.map((logit, index) => Math.abs(logit - others[index])));
}

function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}
