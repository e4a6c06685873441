import type { IncomingMessage } from "node:http";
import type { Location } from "../errors.ts";
import type { Answer } from "../inference/answer.ts";
import type { Sequence } from "../nn/sequence.ts";
import type { Text } from "../nn/text.ts";
import { askedTexts } from "./asked_texts.ts";
import { type Batching, QueueFull } from "./batching.ts";
import { readJsonBody } from "./body.ts";
import { HttpError } from "./http_error.ts";
import type { Limits } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import { openApi } from "./openapi.ts";
import { pageFiles } from "./page.ts";
import { jsonReply, type Reply } from "./reply.ts";
import type { ModelInfo } from "./schemas.ts";

/** @param gone fires when nobody waits for the reply any more */
type Handler = (request: IncomingMessage, gone: AbortSignal) => Reply | Promise<Reply>;

/** What answers the requests for a path. */
export interface Route {
  readonly method: "GET" | "POST";
  readonly handle: Handler;
}

export type Routes = ReadonlyMap<string, Route>;

/** A model as the routes need it. */
export interface ServedModel {
  readonly info: ModelInfo;
  /** Throws InputError where the model can't read a text. */
  check(content: Text | Sequence, at: Location): void;
}

/** Makes the routes of a model whose texts are classified by way of a queue. */
export function modelRoutes(
  model: ServedModel,
  queue: Batching<Text | Sequence, Answer>,
  metrics: Metrics,
  limits: Limits,
): Routes {
  async function predict(request: IncomingMessage, gone: AbortSignal): Promise<Reply> {
    const { texts, isList } = askedTexts(await readJsonBody(request, limits), limits, model.check);
    const answers = await queue.submit(texts.map(({ content }) => content), gone).catch(explainFull);
    metrics.texts(texts.length);
    const named = answers.map((answer, row) => ({ id: texts[row].id, ...answer }));
    return jsonReply(200, isList ? named : named[0]);
  }

  const get = (handle: Handler): Route => ({ method: "GET", handle });
  const constant = (value: unknown) => {
    const reply = jsonReply(200, value);
    return get(() => reply);
  };
  return new Map<string, Route>([
    ["/predict", { method: "POST", handle: predict }],
    ["/health", constant({ status: "ok" })],
    ["/model", constant(model.info)],
    ["/openapi.json", constant(openApi(limits))],
    [
      "/metrics",
      get(async () => {
        const { type, body } = await metrics.page();
        return { status: 200, body, headers: { "content-type": type } };
      }),
    ],
    ...pageFiles().map(({ path, ...reply }) => [path, get(() => reply)] as const),
  ]);
}

function explainFull(error: unknown): never {
  if (!(error instanceof QueueFull)) throw error;
  throw new HttpError(429, `the server is busy: ${error.message}; try again after a moment`, {
    "retry-after": "1",
  });
}
