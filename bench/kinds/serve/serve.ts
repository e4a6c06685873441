import { fileURLToPath } from "node:url";
import type { Bench, Findings } from "../../benchmark.ts";
import { type Command, outputOf } from "../../command.ts";
import { classifierFolder } from "../../inputs/classifier_folder.ts";
import { readReviews } from "../../inputs/reviews.ts";
import { writeRunFile } from "../../inputs/run_file.ts";
import { count, ratio, table } from "../../page/table.ts";
import { bfloat16Note, contestants } from "../../peers/predictors.ts";
import { threads } from "../../settings.ts";
import { type Load, type LoadFigures, loadFigures } from "./load_figures.ts";
import { type Server, startServer } from "./server.ts";

/** Measures servers of one classifier that several clients ask side by side, one text in a request. */
export async function benchServe(bench: Bench): Promise<Findings> {
  const { root, settings: { predict, serve: { clients } } } = bench;
  const model = await classifierFolder(bench);
  const { dev2 } = await readReviews(bench);
  const file = writeRunFile(bench, "asked-texts", dev2.slice(0, predict.texts).map(({ text }) => text));
  const sides = contestants(bench, (precision) => ourCommand(model, precision), "serve_peer.py", [model]);
  const servers: Server[] = [];
  let figures: readonly (readonly LoadFigures[])[];
  try {
    for (const { command } of sides) servers.push(await startServer(command, { cwd: root }));
    figures = await inTurn(bench, servers, file);
  } finally {
    await Promise.all(servers.map((server) => server.end()));
  }
  const rows = clients.flatMap((number, level) =>
    sides.map(({ name, precision, isOurs }, side) => {
      const { rate, p50, p99 } = figures[side][level];
      const ours = sides.findIndex((other) => other.isOurs && other.precision === precision);
      return [
        `${name}, ${precision}`,
        String(number),
        `${count(rate)}/s`,
        milliseconds(p50),
        milliseconds(p99),
        isOurs || ours < 0 ? "–" : ratio(figures[ours][level].rate / rate),
      ];
    })
  );
  rows.forEach((row) => bench.say(row.join(" | ")));
  const text = [
    `One text of dev2 in a request, over HTTP on the loopback, from clients that ask as soon as they have their last ` +
    "answer. They run on the same cores as the server. The others are FastAPI and uvicorn, one process whose " +
    `predictions have ${threads} threads; they classify each request by itself, while \`deno task serve\` batches what ` +
    "comes meanwhile. A ratio says how many times as many requests Calibrant answers in the same precision." +
    bfloat16Note(),
    table(["server", "clients", "requests", "p50", "p99", "Calibrant : it"], rows),
  ].join("\n\n");
  return { text };
}

/** Loads the servers in turn. Returns the figures of each by the number of clients. */
async function inTurn(
  { settings: { serve: { clients, turns, seconds } } }: Bench,
  servers: readonly Server[],
  file: string,
): Promise<readonly (readonly LoadFigures[])[]> {
  const loads: Load[][][] = servers.map(() => clients.map(() => []));
  for (let turn = 0; turn <= turns; turn++) {
    for (const [server, { port }] of servers.entries()) {
      for (const [level, number] of clients.entries()) {
        const load = await loadOf(port, file, number, seconds);
        if (turn > 0) loads[server][level].push(load); // in the first turn, servers get warm
      }
    }
  }
  return loads.map((levels) => levels.map(loadFigures));
}

async function loadOf(port: number, file: string, clients: number, seconds: number): Promise<Load> {
  const script = fileURLToPath(new URL("load.ts", import.meta.url));
  const permissions = ["--no-prompt", "--quiet", `--allow-net=127.0.0.1:${port}`, `--allow-read=${file}`];
  const args = [`http://127.0.0.1:${port}/predict`, file, String(clients), String(seconds)];
  return JSON.parse(await outputOf([Deno.execPath(), "run", ...permissions, script, ...args]));
}

function ourCommand(model: string, precision: string): Command {
  const options = ["--model", model, "--port", "0", "--precision", precision, "--threads", String(threads)];
  return [Deno.execPath(), "task", "--quiet", "serve", ...options];
}

function milliseconds(value: number): string {
  return `${value.toFixed(1)} ms`;
}
