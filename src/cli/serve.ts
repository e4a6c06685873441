/** `deno task serve` answers requests over HTTP with calibrated probabilities. */

import { isIP } from "node:net";
import { type Command, InvalidArgumentError } from "commander";
import { checkAnswerOptions } from "../inference/answer.ts";
import { predictionBatch } from "../inference/sorted_prediction.ts";
import { checkTokens, isTokenised } from "../inference/text_row.ts";
import { batching } from "../server/batching.ts";
import { defaultLimits as limits } from "../server/limits.ts";
import { openMetrics } from "../server/metrics.ts";
import { modelRoutes, type ServedModel } from "../server/routes.ts";
import { type RunningServer, startServer } from "../server/server.ts";
import { withListeningAccess } from "./predict/native_access.ts";
import {
  addAnswerOptions,
  addModelOptions,
  type AnswerOptions,
  type ModelOptions,
} from "./predict/options.ts";
import { interruption } from "./program/interruption.ts";
import { newProgram, runProgram } from "./program/program.ts";
import { tell } from "./program/tell.ts";
import { startClassifier } from "./serve/classifier_thread.ts";
import { oneLine } from "./terminal/one_line.ts";

interface Options extends ModelOptions, AnswerOptions {
  readonly model: string;
  readonly host: string;
  readonly port: number;
}

const explanation = `
POST /predict takes a text or a list of texts as JSON, each a string or an object as \`deno task predict\` reads
them, and answers with the objects that predict writes. GET / is a page to try it on, /model describes the
model, /openapi.json the interface; /health and /metrics are for who runs it. docs/serving.md tells the rest.

Examples:
  deno task serve --model finetune@hidden
  curl --json '{"text": "A fine film."}' http://127.0.0.1:8000/predict
  curl --json '["A fine film.", "A dull one."]' http://127.0.0.1:8000/predict

Ctrl-C, or SIGTERM, ends it when all that has been asked is answered.
Exit codes: 0 ended so, 2 wrong input or a port in use, 130 ended at once by a second Ctrl-C.`;

/** How long texts wait for others, where there were more texts the last time. */
const batchWaitMs = 5;

const program: Command = newProgram("deno task serve")
  .description("Answers requests over HTTP with calibrated probabilities.")
  .requiredOption(
    "--model <model>",
    "an instance of the pipeline, such as finetune@hidden, or a model's folder",
  )
  .option(
    "--host <host>",
    "the address to listen at, such as 0.0.0.0; by default only this machine reaches it",
    addressOf,
    "127.0.0.1",
  )
  .option("--port <port>", "the port to listen at; 0 is any that is free", portOf, 8000);

addAnswerOptions(addModelOptions(program))
  .addHelpText("after", explanation)
  .action((options: Options) => {
    checkAnswerOptions(options);
    const { host, port } = options;
    return withListeningAccess(`${inUrl(host)}:${port}`, (scratch) => serve(options, scratch));
  });

async function serve({ host, port, precision, ...options }: Options, scratch: string): Promise<void> {
  let server: RunningServer | undefined;
  interruption().addEventListener("abort", async () => {
    tell("stopping: no more connections; what has been asked is answered");
    await server?.stop();
    Deno.exit();
  });
  const { info, config, classify, close } = await startClassifier({ ...options, precision, scratch });
  const queue = batching(classify, { batch: predictionBatch, queue: limits.queue, waitMs: batchWaitMs });
  const metrics = openMetrics(queue.waiting);
  const model: ServedModel = {
    info,
    check: (content, at) => isTokenised(content) && checkTokens(content, config, at),
  };
  try {
    server = await startServer(modelRoutes(model, queue, metrics, limits), metrics, { host, port, limits });
  } catch (error) {
    close(); // or else the model's thread would keep the process alive
    throw error;
  }
  info.promises.forEach((line) => console.error(oneLine(line)));
  console.log(`${oneLine(info.model)} is served at http://${inUrl(host)}:${server.port}/`);
}

/** Returns a host as it stands in a URL. */
function inUrl(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** Reads the address to listen at. Names have none until they are looked up, for which Deno asks permissions. */
function addressOf(text: string): string {
  if (text === "localhost") return "127.0.0.1";
  if (isIP(text) !== 0 && !text.includes("%")) return text;
  throw new InvalidArgumentError(
    "Expected an address of this machine, such as 127.0.0.1 or 0.0.0.0; --port names the port.",
  );
}

function portOf(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value < 2 ** 16) return value;
  throw new InvalidArgumentError("Expected a whole number from 0 to 65535.");
}

await runProgram(program);
