import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** What a server tells Prometheus. */
export interface Metrics {
  /** Counts a request that was answered, or whose client left. */
  request(route: string, status: number, seconds: number): void;
  /** Counts texts that were classified. */
  texts(count: number): void;
  /** Writes all figures in Prometheus's text format. */
  page(): Promise<{ readonly type: string; readonly body: string }>;
}

/** @param waiting returns the number of texts that wait for a batch */
export function openMetrics(waiting: () => number): Metrics {
  const registers = [new Registry()];
  const requests = new Counter({
    name: "http_requests_total",
    help: "Requests that were answered; 499 are those whose clients left.",
    labelNames: ["route", "status"],
    registers,
  });
  const durations = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time from a request's head to the end of its answer.",
    labelNames: ["route"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25],
    registers,
  });
  const texts = new Counter({
    name: "calibrant_texts_total",
    help: "Texts that were classified.",
    registers,
  });
  new Gauge({
    name: "calibrant_queue_length",
    help: "Texts that wait for a batch.",
    registers,
    collect() {
      this.set(waiting());
    },
  });
  return {
    request(route, status, seconds) {
      requests.inc({ route, status });
      durations.observe({ route }, seconds);
    },
    texts: (count) => texts.inc(count),
    page: async () => ({ type: registers[0].contentType, body: await registers[0].metrics() }),
  };
}
