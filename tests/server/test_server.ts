import type { Answer } from "../../src/inference/answer.ts";
import type { Sequence } from "../../src/nn/sequence.ts";
import type { Text } from "../../src/nn/text.ts";
import { batching } from "../../src/server/batching.ts";
import type { Limits } from "../../src/server/limits.ts";
import { openMetrics } from "../../src/server/metrics.ts";
import { modelRoutes } from "../../src/server/routes.ts";
import type { ModelInfo } from "../../src/server/schemas.ts";
import { startServer } from "../../src/server/server.ts";

/** Limits that a test can reach quickly. */
export const smallLimits: Limits = {
  bodyBytes: 1000,
  texts: 4,
  textLength: 100,
  queue: 4,
  connections: 20,
  headMs: 300,
  bodyMs: 300,
  answerMs: 300,
};

const info: ModelInfo = {
  model: "by length",
  digest: "0".repeat(64),
  variant: "baseline",
  classes: ["short", "long"],
  maxTokens: 16,
  precision: "float32",
  promises: [],
};

type Classify = (contents: readonly (Text | Sequence)[]) => Promise<readonly Answer[]>;

/** Calls texts of more than four letters long. */
const byLength: Classify = (contents) =>
  Promise.resolve(contents.map((content) => {
    const isLong = "text" in content && content.text.length > 4;
    const probs = { short: isLong ? 0.25 : 0.75, long: isLong ? 0.75 : 0.25 };
    return { label: isLong ? "long" : "short", probs, logits: [0, 0], cut: false };
  }));

export interface TestServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Posts JSON to /predict. */
  predict(body: unknown): Promise<Response>;
  /** Returns the figure of the metrics whose name and labels these are. */
  metric(name: string): Promise<number | undefined>;
  /** Waits until a figure has this value. */
  untilMetric(name: string, value: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a server that classifies in place of a model, for tests of what has to do with requests. */
export async function startTestServer(classify: Classify = byLength): Promise<TestServer> {
  const queue = batching(classify, { batch: 2, queue: smallLimits.queue, waitMs: 0 });
  const metrics = openMetrics(queue.waiting);
  const routes = modelRoutes({ info, check: () => {} }, queue, metrics, smallLimits);
  const { port, stop } = await startServer(routes, metrics, {
    host: "127.0.0.1",
    port: 0,
    limits: smallLimits,
  });
  const url = `http://127.0.0.1:${port}`;
  const metric = async (name: string) => {
    const lines = (await (await fetch(`${url}/metrics`)).text()).split("\n");
    const value = lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
    return value === undefined ? undefined : Number(value);
  };
  return {
    port,
    url,
    stop,
    predict: (body) =>
      fetch(`${url}/predict`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    metric,
    async untilMetric(name, value) {
      while (await metric(name) !== value) await new Promise((resolve) => setTimeout(resolve, 20));
    },
    [Symbol.asyncDispose]: stop,
  };
}
