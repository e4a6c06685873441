import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { randomStream } from "../../../src/random.ts";
import { writeAll } from "../../../src/write_all.ts";
import type { Bench, Findings } from "../../benchmark.ts";
import { type Command, outputOf } from "../../command.ts";
import { usageOf } from "../../measuring/usage.ts";
import { peerCommand } from "../../peers/environment.ts";
import { beside, count, table } from "../../page/table.ts";

/** Measures `deno task metrics`: its bootstrap beside Python's, and how it reads a large file. */
export async function benchMetrics(bench: Bench): Promise<Findings> {
  const { resampled, resamples, peerResamples, rows } = bench.settings.metrics;
  const small = writePredictions(bench, "resampled", resampled, 2);
  bench.say(`${count(resamples)} resamples`);
  const bootstrap = await usageOf(metricsCommand(small, "--bootstrap", String(resamples)));
  const peer = bench.peers
    ? JSON.parse(await outputOf(peerCommand("metrics_peer.py", [small, peerResamples])))
    : undefined;
  bench.say(`${count(rows)} rows`);
  const large = await usageOf(metricsCommand(writePredictions(bench, "large", rows, 10)));
  const text = [
    "CPU time (user and system, all threads) of the whole process `deno task metrics`, which other work on the machine " +
    `hardly changes.${
      peer ? ` Python's is extrapolated from ${peerResamples} resamples and leaves out loading.` : ""
    }`,
    table(["", "measured", "goal"], [
      [
        `${count(resamples)} bootstrap resamples of ${count(resampled)} × 2, all default metrics`,
        ...beside(bootstrap.cpuSeconds, "≤", 10, seconds),
      ],
      ...(peer
        ? [[
          "the same by NumPy, scikit-learn and relplot",
          seconds(peer.cpuSeconds / peerResamples * resamples),
          "",
        ]]
        : []),
      [`${count(rows)} rows × 10 classes, without intervals`, ...beside(large.cpuSeconds, "≤", 15, seconds)],
      ["memory of that", ...beside(large.peakMebibytes, "≤", 1024, mebibytes)],
    ]),
  ].join("\n\n");
  return { text };
}

function metricsCommand(...args: readonly string[]): Command {
  const permissions = ["--no-prompt", "--allow-read", "--allow-env=NO_COLOR,FORCE_COLOR,CLICOLOR_FORCE"];
  const program = fileURLToPath(new URL("../../../src/cli/metrics.ts", import.meta.url));
  return [Deno.execPath(), "run", ...permissions, program, ...args];
}

/** Writes random predictions as JSON lines, most of which are right, and returns the file's path. */
function writePredictions({ folder }: Bench, name: string, rows: number, classes: number): string {
  const path = join(folder, `${name}.jsonl`);
  const random = randomStream(1, `${name} predictions`);
  const row = () => {
    const logits = Array.from({ length: classes }, () => 2 * random.normal());
    const label = random.next() < 0.8 ? logits.indexOf(Math.max(...logits)) : random.integer(classes);
    return `${JSON.stringify({ label, logits })}\n`;
  };
  using file = Deno.openSync(path, { write: true, create: true });
  for (let written = 0; written < rows; written += 1000) {
    const lines = Array.from({ length: Math.min(1000, rows - written) }, row);
    writeAll(file, lines.join(""));
  }
  return path;
}

function seconds(value: number): string {
  return value < 100 ? `${value.toFixed(1)} s` : `${count(value)} s`;
}

function mebibytes(value: number): string {
  return `${count(value)} MiB`;
}
