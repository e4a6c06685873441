import type { Bench } from "../../benchmark.ts";
import { workCommand } from "../../calibrant/command.ts";
import { writeRunFile } from "../../inputs/run_file.ts";
import { inTurn, type Measurement, stepTime, tokenRate } from "../../measuring/turns.ts";
import { beside, count, ratio, table } from "../../page/table.ts";
import { type Contestant, contestants } from "../../peers/predictors.ts";

/** How many times as fast as the fastest other program Calibrant is to be, in the same precision. */
const goal = 1.3;

/** Measures the texts that programs predict in a second once they are warm, in turn, and returns a table. */
export async function rates(bench: Bench, model: string, texts: readonly string[]): Promise<string> {
  const file = writeRunFile(bench, "predicted-texts", texts);
  const step = writeRunFile(bench, "prediction-step", [{}]);
  const sides = contestants(
    bench,
    (precision) => workCommand(bench, { kind: "prediction", model, precision, texts: file }, step),
    "predict_peer.py",
    [model, file],
  );
  const commands = Object.fromEntries(sides.map((side, index) => [index, side.command]));
  const measured = Object.values(await inTurn(commands, bench.settings.predict.pace));
  const ours = new Map(
    sides.flatMap(({ isOurs, precision }, index) => isOurs ? [[precision as string, measured[index]]] : []),
  );
  const against = (precision: string, { isOurs }: Contestant, theirs: Measurement, goal?: number) => {
    const our = ours.get(precision);
    return isOurs || !our ? "–" : ratio(tokenRate(our) / tokenRate(theirs), goal);
  };
  const rows = sides.map((side, index) => [
    `${side.name}, ${side.precision}`,
    `${count(texts.length / stepTime(measured[index]) * 1000)}/s`,
    `${count(tokenRate(measured[index]))}/s`,
    against(side.precision, side, measured[index], goal),
    against("bfloat16", side, measured[index]),
    peak(side, measured[index], ours.get("float32")),
  ]);
  rows.forEach((row) => bench.say(row.join(" | ")));
  return table(["program", "texts", "tokens", "in its precision", "Calibrant in bf16", "peak MiB"], rows);
}

/** The peak memory, beside its goal where it has one: Calibrant's in bfloat16 is to be no more than in float32. */
function peak(
  { isOurs, precision }: Contestant,
  measured: Measurement,
  float32: Measurement | undefined,
): string {
  if (!isOurs || precision === "float32" || !float32) return count(measured.peakMebibytes);
  const [figure, most] = beside(measured.peakMebibytes, "≤", float32.peakMebibytes, count);
  return `${figure} (${most})`;
}
