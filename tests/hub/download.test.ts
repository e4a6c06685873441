import assert from "node:assert/strict";
import { join } from "node:path";
import { download } from "../../src/hub/download.ts";
import type { Hub } from "../../src/hub/hub.ts";
import { listRepository } from "../../src/hub/listing.ts";
import { repositoryAt } from "../../src/hub/repository.ts";
import {
  breakingOff,
  bytes,
  commit,
  error,
  type HubServer,
  hubServer,
  large,
  sha256Of,
  text,
} from "./server.ts";
import { hubAt, messageOf, type TestHub } from "./test_hub.ts";

const weights = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 2654435761) >>> 13);
const repositories = {
  "models/tiny/bert": { "config.json": text("{}\n"), "a b/ü #1?.txt": text("x"), "empty.txt": text("") },
  "datasets/owner/pairs": { "m/weights.bin": large(weights) },
};
const file = "m/weights.bin";
const digest = sha256Of(weights);

/** Gives the test a server and a folder to download to. */
async function withServer(test: (server: HubServer, folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await using server = hubServer(repositories);
    await test(server, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function downloadAt(hub: Hub, folder: string, path = file): Promise<string> {
  const repository = repositoryAt(path === file ? "dataset:owner/pairs" : "model:tiny/bert", commit);
  const listed = await listRepository(hub, repository, undefined);
  const found = listed.find((one) => one.path === path);
  assert.ok(found);
  return download(hub, { repository, file: found, folder, onBytes: () => {} });
}

const read = (folder: string, path = file) => Deno.readFileSync(join(folder, path));
const rangesOf = ({ seen }: HubServer) =>
  seen.filter(({ server }) => server === "cdn").map(({ range }) => range);

Deno.test("small files come from the hub itself, with any characters in their names, or empty", () =>
  withServer(async (server, folder) => {
    const hub = hubAt(server);
    assert.equal(await downloadAt(hub, folder, "config.json"), sha256Of(new TextEncoder().encode("{}\n")));
    await downloadAt(hub, folder, "a b/ü #1?.txt");
    await downloadAt(hub, folder, "empty.txt");
    assert.deepEqual(read(folder, "a b/ü #1?.txt"), new TextEncoder().encode("x"));
    assert.equal(read(folder, "empty.txt").length, 0);
  }));

Deno.test("a large file comes from where the hub sends to, which doesn't get the token", () =>
  withServer(async (server, folder) => {
    assert.equal(await downloadAt(hubAt(server, { token: "hf_secret" }), folder), digest);
    assert.deepEqual(read(folder), weights);
    assert.deepEqual(server.seen.map(({ server, authorization }) => [server, authorization]), [
      ["hub", "Bearer hf_secret"],
      ["hub", "Bearer hf_secret"],
      ["cdn", null],
    ]);
  }));

Deno.test("a transfer that breaks off is gone on from where it was, as often as it gets further", () =>
  withServer(async (server, folder) => {
    const hub = hubAt(server);
    // Six times, which is more than the failures in a row that end a download.
    server.breakNext(digest, ...Array.from({ length: 6 }, () => breakingOff(weights, 40_000)));
    assert.equal(await downloadAt(hub, folder), digest);
    assert.deepEqual(read(folder), weights);
    assert.deepEqual(rangesOf(server), [
      null,
      ...[1, 2, 3, 4, 5, 6].map((part) => `bytes=${part * 40_000}-`),
    ]);
    assert.deepEqual(hub.waits, [1000, 1000, 1000, 1000, 1000, 1000]);
    assert.match(
      hub.lines[1],
      /^m\/weights\.bin of the data set owner\/pairs broke off after 80000 bytes \(.*\); trying again in 1 s$/,
    );
  }));

Deno.test("what an interrupted run left is gone on from, and what is whole isn't asked for again", () =>
  withServer(async (server, folder) => {
    Deno.mkdirSync(join(folder, "m"));
    Deno.writeFileSync(join(folder, file), weights.subarray(0, 299_999));
    assert.equal(await downloadAt(hubAt(server), folder), digest);
    assert.deepEqual(rangesOf(server), ["bytes=299999-"]);
    assert.equal(await downloadAt(hubAt(server), folder), digest);
    assert.deepEqual(rangesOf(server), ["bytes=299999-"]);
  }));

Deno.test("a damaged rest of an interrupted run, or one that is too long, is replaced", () =>
  withServer(async (server, folder) => {
    Deno.mkdirSync(join(folder, "m"));
    for (const length of [100, 300_000, 300_001]) {
      Deno.writeFileSync(join(folder, file), new Uint8Array(length));
      assert.equal(await downloadAt(hubAt(server), folder), digest);
      assert.deepEqual(read(folder), weights);
    }
  }));

Deno.test("a server without ranges sends all again", () =>
  withServer(async (server, folder) => {
    Deno.mkdirSync(join(folder, "m"));
    Deno.writeFileSync(join(folder, file), weights.subarray(0, 1000));
    server.breakNext(digest, () => new Response(weights));
    assert.equal(await downloadAt(hubAt(server), folder), digest);
    assert.deepEqual(read(folder), weights);
  }));

Deno.test("a busy server is asked again after as long as it says, a broken one after longer and longer", () =>
  withServer(async (server, folder) => {
    const hub = hubAt(server);
    server.breakNext(file, () => error(429, "", { "retry-after": "7" }), () => error(503, ""));
    server.breakNext(digest, () => error(500, ""));
    assert.equal(await downloadAt(hub, folder), digest);
    assert.deepEqual(hub.waits, [7000, 2000, 4000]);
    assert.match(
      hub.lines[0],
      /^127\.0\.0\.1:\d+ answers 429 when asked for m\/weights\.bin .*; trying again in 7 s$/,
    );
  }));

Deno.test("after five failures in a row it gives up; what is there stays for the next run", () =>
  withServer(async (server, folder) => {
    server.breakNext(
      digest,
      breakingOff(weights, 1000),
      ...Array.from({ length: 5 }, () => () => error(502, "")),
    );
    const hub = hubAt(server);
    const message = await messageOf(downloadAt(hub, folder), server);
    assert.match(
      message,
      /^found 127\.0\.0\.1:\d+ answers 502 when asked for .*, 5 times in a row, expected an answer\n {2}Run again later/,
    );
    assert.doesNotMatch(message + hub.lines, /signature|secret/);
    assert.deepEqual(hub.waits, [1000, 2000, 4000, 8000]);
    assert.deepEqual(read(folder), weights.subarray(0, 1000));
  }));

Deno.test("a server that asks for too long a wait isn't waited for", () =>
  withServer(async (server, folder) => {
    server.breakNext(file, () => error(429, "", { "retry-after": "3600" }));
    assert.match(
      await messageOf(downloadAt(hubAt(server), folder), server),
      /which asks to wait for 3600 s, expected/,
    );
  }));

Deno.test("other bytes than the hub's list says are refused, and nothing of them stays", () =>
  withServer(async (server, folder) => {
    const wrong = weights.map((byte, index) => index === 5 ? byte ^ 1 : byte);
    server.breakNext(digest, (request) => bytes(request, wrong));
    assert.equal(
      await messageOf(downloadAt(hubAt(server), folder), server),
      `found 300000 bytes with the digest ${
        sha256Of(wrong)
      } for m/weights.bin of the data set owner/pairs, expected ` +
        `300000 bytes with the digest ${digest}, as the hub's list of files says\n` +
        "  Run again. If it stays so, what hands the file out (a mirror, a proxy) changes it.",
    );
    assert.throws(() => read(folder), Deno.errors.NotFound);
    server.breakNext(digest, () => new Response(new Uint8Array(400_000)));
    assert.match(
      await messageOf(downloadAt(hubAt(server), folder), server),
      /^found \d+ bytes with the digest/,
    );
    server.breakNext("config.json", () => new Response("{ }"));
    assert.match(
      await messageOf(downloadAt(hubAt(server), folder, "config.json"), server),
      /^found 3 bytes with/,
    );
  }));

Deno.test("a connection that stays silent counts as broken", () =>
  withServer(async (server, folder) => {
    const silent = new ReadableStream({ start: (controller) => controller.enqueue(weights.slice(0, 1000)) });
    server.breakNext(digest, () => new Response(silent));
    const hub = hubAt(server, { stalledMs: 100 });
    assert.equal(await downloadAt(hub, folder), digest);
    assert.match(hub.lines[0], /broke off after 1000 bytes \(nothing came for too long\)/);
  }));

Deno.test("without a network the message says which server couldn't be reached", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const nowhere = { address: `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}` };
  listener.close(); // nobody listens there now
  const hub: TestHub = hubAt(nowhere);
  assert.match(
    await messageOf(listRepository(hub, repositoryAt("model:tiny/bert", commit), undefined), nowhere),
    /^found no way to HUB for files of the model tiny\/bert \(client error.*refused.*\), 5 times in a row, expected an answer/,
  );
});

Deno.test("a refusal of the server that the hub sends to isn't taken for the hub's", () =>
  withServer(async (server, folder) => {
    server.breakNext(digest, () => error(403, ""));
    assert.match(
      await messageOf(downloadAt(hubAt(server), folder), server),
      /^found the answer 403 from 127\.0\.0\.1:\d+, where the hub keeps m\/weights\.bin of the data set owner\/pairs, expected/,
    );
  }));

Deno.test("a circle of redirections ends", () =>
  withServer(async (server, folder) => {
    const circle = () => new Response(null, { status: 302, headers: { location: "weights.bin" } });
    server.breakNext(file, ...Array.from({ length: 11 }, () => circle));
    assert.match(
      await messageOf(downloadAt(hubAt(server), folder), server),
      /^found more than 10 redirections/,
    );
  }));
