import assert from "node:assert/strict";
import { z } from "zod";
import { HttpError } from "../../src/server/http_error.ts";
import { requireOwnHost } from "../../src/server/own_host.ts";
import { errorOf, exchange, predictHead, sendAndLeave } from "./client.ts";
import { smallLimits, startTestServer } from "./test_server.ts";

/** Fetches JSON with its status. */
async function json(answer: Promise<Response>): Promise<readonly [number, unknown]> {
  const response = await answer;
  return [response.status, await response.json()];
}

Deno.test("a text is answered with an object, and a list with a list", async () => {
  await using server = await startTestServer();
  const [status, answer] = await json(server.predict({ text: "a", id: "x" }));
  const expected = {
    id: "x",
    label: "short",
    probs: { short: 0.75, long: 0.25 },
    logits: [0, 0],
    cut: false,
  };
  assert.deepEqual([status, answer], [200, expected]);
  const [, answers] = await json(server.predict(["long text", "b", "c", "d"]));
  const labels = (answers as { id: number; label: string }[]).map(({ id, label }) => [id, label]);
  assert.deepEqual(labels, [[1, "long"], [2, "short"], [3, "short"], [4, "short"]]);
  assert.equal(await server.metric("calibrant_texts_total"), 5);
  assert.equal(await server.metric('http_requests_total{route="/predict",status="200"}'), 2);
  assert.equal(await server.metric('http_request_duration_seconds_count{route="/predict"}'), 2);
  assert.equal(await server.metric("calibrant_queue_length"), 0);
});

Deno.test("requests that ask something else get one status and one message", async () => {
  await using server = await startTestServer();
  const { url } = server;
  const typed = (body: BodyInit, type = "application/json") =>
    fetch(`${url}/predict`, { method: "POST", headers: { "content-type": type }, body });
  for (
    const [answer, status, message] of [
      [typed("{"), 400, /^found a body that isn't JSON in UTF-8/],
      [typed(""), 400, /isn't JSON/],
      [typed(new Uint8Array([0x22, 0xff, 0x22])), 400, /isn't JSON in UTF-8/],
      [typed("[".repeat(900)), 400, /isn't JSON/],
      [typed("null"), 422, /^text: found null/],
      [typed('"a"', "text/plain"), 415, /^found content-type "text\/plain", expected application\/json$/],
      [typed(JSON.stringify("a".repeat(2000))), 413, /^found a body of more than 1000 bytes/],
      [fetch(`${url}/predict`), 405, /^found GET, expected POST$/],
      [fetch(`${url}/model`, { method: "DELETE" }), 405, /^found DELETE, expected GET$/],
      [fetch(`${url}/../etc/passwd`), 404, /^found no \/etc\/passwd, expected \/predict, /],
      [fetch(`${url}/page/page.js`), 404, /^found no \/page\/page\.js/],
    ] as const
  ) {
    const [found, body] = await json(answer);
    assert.equal(found, status, JSON.stringify(body));
    assert.match((body as { error: string }).error, message);
  }
  assert.deepEqual(await json(fetch(`${url}/health`)), [200, { status: "ok" }]);
});

Deno.test("clients that hang, flood, babble or leave get one answer, and the server stays up", async () => {
  await using server = await startTestServer();
  const { port } = server;
  const chunked = predictHead(0).replace("Content-Length: 0", "Transfer-Encoding: chunked");
  for (
    const [sent, status, message] of [
      ["", 408, /took too long to come/],
      ["GET / HTTP/1.1\r\nHos", 408, /took too long to come/],
      [`${predictHead(50)}{"te`, 408, /^found a body that wasn't whole after 0\.3 s/],
      [`${predictHead(50).replace("predict", "nowhere")}{"te`, 404, /^found no \/nowhere/],
      [`${predictHead(50).replace("json", "xml")}{"te`, 415, /^found content-type "application\/xml"/],
      [predictHead(1e9), 413, /^found a body of more than 1000 bytes/],
      [`${chunked}7d0\r\n${"a".repeat(2000)}`, 413, /^found a body of more than 1000 bytes/],
      ["what is this\r\n\r\n", 400, /^found what isn't HTTP/],
      [`GET / HTTP/1.1\r\nX: ${"a".repeat(100_000)}\r\n\r\n`, 431, /^found headers that are too large/],
    ] as const
  ) {
    const [found, error] = errorOf(await exchange(port, sent));
    assert.equal(found, status, error);
    assert.match(error, message);
  }
  await sendAndLeave(port, `${predictHead(50)}{"te`);
  await server.untilMetric('http_requests_total{route="/predict",status="499"}', 1);
  assert.deepEqual((await json(server.predict("a")))[0], 200);
});

Deno.test("a client that doesn't take its answer is left after a while", async () => {
  const label = "a".repeat(2 ** 25); // more than the system keeps for a client
  await using server = await startTestServer(async (contents) => {
    // So long an answer holds up this process, so the first request for metrics has to come before.
    await new Promise((resolve) => setTimeout(resolve, 50));
    return contents.map(() => ({ label, probs: {}, logits: [], cut: false }));
  });
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  await connection.write(new TextEncoder().encode(`${predictHead(3)}"a"`));
  await server.untilMetric('http_requests_total{route="/predict",status="499"}', 1);
});

Deno.test("a client that opens all connections there may be gets no more until it closes one", async () => {
  await using server = await startTestServer();
  const open = () => Deno.connect({ hostname: "127.0.0.1", port: server.port });
  const connections = await Promise.all(Array.from({ length: smallLimits.connections }, open));
  const get = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  assert.equal(await exchange(server.port, get).catch(() => ""), ""); // closed, or reset
  connections.forEach((connection) => connection.close());
  let answer = "";
  while (answer === "") answer = await exchange(server.port, get).catch(() => "");
  assert.match(answer, /^HTTP\/1\.1 200 /);
});

Deno.test("a request for whose texts there is no room gets 429, and those before it their answers", async () => {
  const release = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  await using server = await startTestServer(async (contents) => {
    begun.resolve();
    await release.promise;
    return contents.map(() => ({ label: "short", probs: { short: 1 }, logits: [0], cut: false }));
  });
  const first = server.predict(["a", "b"]); // which are worked on
  await begun.promise;
  const waiting = server.predict(["c", "d", "e"]);
  await server.untilMetric("calibrant_queue_length", 3);
  const refused = await server.predict(["f", "g"]);
  assert.deepEqual([refused.status, refused.headers.get("retry-after")], [429, "1"]);
  assert.match((await refused.json()).error, /^the server is busy: 3 of 4 places are taken; try again/);
  await sendAndLeave(server.port, `${predictHead(3)}"h"`);
  await server.untilMetric('http_requests_total{route="/predict",status="499"}', 1);
  assert.equal(await server.metric("calibrant_queue_length"), 3); // what nobody waits for has left the queue
  release.resolve();
  assert.deepEqual((await Promise.all([json(first), json(waiting)])).map(([status]) => status), [200, 200]);
});

Deno.test("a server that stops answers what it was asked, and takes nothing more", async () => {
  const release = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const server = await startTestServer(async (contents) => {
    begun.resolve();
    await release.promise;
    return contents.map(() => ({ label: "short", probs: { short: 1 }, logits: [0], cut: false }));
  });
  await (await fetch(`${server.url}/health`)).body?.cancel(); // its connection stays open, and idle
  const hanging = exchange(server.port, "GET / HTTP/1.1\r\nHos");
  const asked = server.predict("a");
  await begun.promise;
  const stopped = server.stop();
  await assert.rejects(exchange(server.port, "GET /health HTTP/1.0\r\n\r\n"), Deno.errors.ConnectionRefused);
  release.resolve();
  assert.equal((await json(asked))[0], 200);
  await stopped;
  await hanging.catch(() => {}); // it was closed
});

Deno.test("a classifier that fails gets its clients 500 without a word on why, and the next an answer", async () => {
  let isFirst = true;
  await using server = await startTestServer((contents) => {
    if (isFirst) {
      isFirst = false;
      return Promise.reject("secret of the model, told to the log");
    }
    return Promise.resolve(contents.map(() => ({ label: "a", probs: { a: 1 }, logits: [0], cut: false })));
  });
  const [status, body] = await json(server.predict("a"));
  assert.deepEqual([status, body], [500, { error: "the server failed to answer; its log says why" }]);
  assert.equal((await json(server.predict("a")))[0], 200);
});

Deno.test("a page whose own name leads to the loopback isn't answered", async () => {
  await using server = await startTestServer();
  const get = (host: string) => `GET /model HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  const refused = errorOf(await exchange(server.port, get("rebound.example:8000")));
  assert.deepEqual(refused, [421, 'found the host "rebound.example", expected one of the loopback']);
  for (const host of ["localhost:8000", "127.0.0.1", "[::1]:8000", "LOCALHOST"]) {
    assert.match(await exchange(server.port, get(host)), /^HTTP\/1\.1 200 /);
  }
});

Deno.test("the loopback is told by the address, however it is written, and no other is", () => {
  const asked = { headers: { host: "rebound.example" } };
  for (const address of ["127.0.0.1", "127.8.0.1", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1"]) {
    assert.throws(() => requireOwnHost(asked, address), HttpError, address);
    requireOwnHost({ headers: { host: `[${address}]:8000` } }, address);
  }
  for (const address of ["0.0.0.0", "::", "192.0.2.1", "::ffff:192.0.2.1"]) requireOwnHost(asked, address);
});

Deno.test("a page of another origin can ask nothing, since it may send no JSON", async () => {
  await using server = await startTestServer();
  const origin = { origin: "https://other.example" };
  const preflight = await fetch(`${server.url}/predict`, {
    method: "OPTIONS",
    headers: { ...origin, "access-control-request-method": "POST" },
  });
  assert.deepEqual([preflight.status, preflight.headers.get("access-control-allow-origin")], [405, null]);
  await preflight.body?.cancel();
  const simple = await fetch(`${server.url}/predict`, { method: "POST", headers: origin, body: '"a"' });
  assert.deepEqual((await json(Promise.resolve(simple)))[0], 415);
});

Deno.test("the page allows no script or style but its own files", async () => {
  await using server = await startTestServer();
  const page = await fetch(`${server.url}/`);
  assert.equal(
    page.headers.get("content-security-policy"),
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  const html = await page.text();
  assert.doesNotMatch(html, /<script(?![^>]* src=)|<style|style=|\son\w+=|https?:/);
  for (const [, path] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
    const file = await fetch(new URL(path, server.url));
    assert.deepEqual([file.status, file.headers.get("x-content-type-options")], [200, "nosniff"]);
    await file.body?.cancel();
  }
});

Deno.test("what is answered is what openapi.json says", async () => {
  await using server = await startTestServer();
  const [, description] = await json(fetch(`${server.url}/openapi.json`));
  const { openapi, paths, components: { schemas } } = description as {
    openapi: string;
    paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
    components: { schemas: Record<string, Parameters<typeof z.fromJSONSchema>[0]> };
  };
  assert.equal(openapi, "3.1.0");
  assert.doesNotMatch(JSON.stringify(description), /null/); // what JSON makes of what it can't hold
  assert.deepEqual(Object.keys(paths), ["/predict", "/health", "/model", "/metrics"]);
  const check = (name: string, value: unknown) => z.fromJSONSchema(schemas[name]).parse(value);
  check("Answer", (await json(server.predict("a")))[1]);
  check("Model", (await json(fetch(`${server.url}/model`)))[1]);
  check("Health", (await json(fetch(`${server.url}/health`)))[1]);
  check("Error", (await json(server.predict("")))[1]);
  assert.throws(() => check("Answer", { label: "a" }));
  for (const [path, operations] of Object.entries(paths)) {
    const [status, refusal] = await json(fetch(server.url + path, { method: "DELETE" }));
    assert.equal(status, 405);
    check("Error", refusal);
    for (const { responses } of Object.values(operations)) assert.ok("default" in responses, path);
  }
});
