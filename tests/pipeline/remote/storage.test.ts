/** A cache's storage against servers that answer as no server should. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { fetchFiles } from "../../../src/pipeline/remote/fetch_files.ts";
import { cachePlaceAt } from "../../../src/pipeline/remote/place.ts";
import { filePath, openStorage, type Storage } from "../../../src/pipeline/remote/storage.ts";
import { CacheUnavailable, UnfitEntry } from "../../../src/pipeline/remote/trouble.ts";
import { type Digest, digestOf } from "../../../src/pipeline/store/digest.ts";

const digest = digestOf("hello");
const path = filePath(digest);
const patience = { patienceMs: 300, waitsMs: [1, 1] };

/** Serves by a function for as long as the test lasts, and opens a storage there. */
function served(
  handler: (request: Request, count: number) => Response | Promise<Response>,
): {
  readonly storage: Storage;
  readonly asked: readonly string[];
  /** The ports that requests came from. */
  readonly ports: ReadonlySet<number>;
} & AsyncDisposable {
  const asked: string[] = [];
  const ports = new Set<number>();
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {}, onError: () => new Response() },
    (request, { remoteAddr: { port } }) => {
      ports.add(port);
      asked.push(`${request.method} ${new URL(request.url).pathname}`);
      return handler(request, asked.length);
    },
  );
  const storage = storageAt(`http://127.0.0.1:${server.addr.port}`);
  return {
    storage,
    asked,
    ports,
    async [Symbol.asyncDispose]() {
      storage[Symbol.dispose]();
      await server.shutdown();
    },
  };
}

/** Answers each connection with these bytes, and closes it if it is to be closed. */
function raw(bytes: string, { closes = true } = {}) {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const open = new Set<Deno.Conn>();
  let count = 0;
  const serving = (async () => {
    for await (const connection of listener) {
      count++;
      open.add(connection);
      await connection.read(new Uint8Array(4096));
      await connection.write(new TextEncoder().encode(bytes));
      if (closes) {
        connection.close();
        open.delete(connection);
      }
    }
  })();
  const storage = storageAt(`http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`);
  return {
    storage,
    count: () => count,
    async [Symbol.asyncDispose]() {
      storage[Symbol.dispose]();
      listener.close();
      open.forEach((connection) => connection.close());
      await serving;
    },
  };
}

function storageAt(address: string, signal = new AbortController().signal): Storage {
  return openStorage(cachePlaceAt(address, () => undefined), { ...patience, signal });
}

const textOf = (storage: Storage, mostBytes = 5) =>
  storage.get(path, mostBytes, async (pieces) => {
    const decoder = new TextDecoder();
    return (await Array.fromAsync(pieces, (piece) => decoder.decode(piece))).join("");
  });

const content = (text: string) => {
  const from = new TextEncoder().encode(text);
  return { digest: digestOf(text), size: from.length, from };
};

Deno.test("what was put is there, by the paths of Bazel's protocol, and each connection is used again", async () => {
  const kept = new Map<string, Uint8Array>();
  await using cache = served(async (request) => {
    const { pathname } = new URL(request.url);
    if (request.method === "PUT") {
      assert.equal(request.headers.get("content-length"), "5");
      kept.set(pathname, new Uint8Array(await request.arrayBuffer()));
      return new Response(null, { status: 201 });
    }
    const bytes = kept.get(pathname);
    return new Response(bytes ? new Uint8Array(bytes) : "nothing", { status: bytes ? 200 : 404 });
  });
  assert.equal(await textOf(cache.storage), undefined);
  assert.equal(await cache.storage.has(path, 5), false);
  await cache.storage.put(path, content("hello"));
  assert.equal(await cache.storage.has(path, 5), true);
  assert.equal(await cache.storage.has(path, 6), false, "of another size");
  assert.equal(await textOf(cache.storage), "hello");
  const hash = createHash("sha256").update("hello").digest("hex");
  assert.deepEqual(cache.asked.map((line) => line.split(" ")[1]), Array(6).fill(`/cas/${hash}`));
  assert.equal(cache.ports.size, 1);
});

Deno.test("names that aren't plain digests become no path", () => {
  for (const name of ["../secret", digest.toUpperCase(), `${digest}/..`, "", digest.slice(1)]) {
    assert.throws(() => filePath(name as Digest));
  }
});

Deno.test("a busy server is asked again, as long as it says it is busy", async () => {
  await using cache = served((_, count) =>
    count < 3 ? new Response("busy", { status: 503 }) : new Response("hello")
  );
  assert.equal(await textOf(cache.storage), "hello");
  assert.equal(cache.asked.length, 3);
});

Deno.test("a server that stays busy, or asks to wait for an hour, is given up, and not asked again", async () => {
  for (const headers of [{}, { "retry-after": "3600" }] as Record<string, string>[]) {
    await using cache = served(() => new Response("busy", { status: 503, headers }));
    await assert.rejects(textOf(cache.storage), /^CacheUnavailable: .* doesn't serve \(it answers 503\)$/);
    const asked = cache.asked.length;
    assert.equal(asked, "retry-after" in headers ? 1 : 3);
    await assert.rejects(cache.storage.put(path, content("hello")), CacheUnavailable);
    assert.equal(cache.asked.length, asked);
  }
});

Deno.test("refusals, errors and redirections are told with their status; no redirection is followed", async () => {
  let visits = 0;
  await using elsewhere = served(() => {
    visits++;
    return new Response("hello");
  });
  for (const status of [301, 302, 307, 401, 403, 500, 507]) {
    await using cache = served(() =>
      new Response("<Error><Code>AccessDenied</Code><Key>secret</Key></Error>", {
        status,
        headers: { location: elsewhere.storage.place.base.href },
      })
    );
    for (const attempt of [() => textOf(cache.storage), () => cache.storage.put(path, content("hello"))]) {
      await assert.rejects(attempt, (error) => {
        assert.ok(error instanceof CacheUnavailable);
        assert.match(error.message, new RegExp(`doesn't serve \\(it answers ${status} AccessDenied\\)$`));
        return true;
      });
    }
  }
  assert.equal(visits, 0);
});

Deno.test("a file too large for the cache is that file's trouble alone", async () => {
  await using cache = served((request) =>
    request.method === "PUT" ? new Response("too large", { status: 413 }) : new Response("hello")
  );
  await assert.rejects(cache.storage.put(path, content("hello")), UnfitEntry);
  assert.equal(await textOf(cache.storage), "hello");
});

Deno.test("a body that is longer than it may be is read no further", async () => {
  let sent = 0;
  await using cache = served(() =>
    new Response(
      new ReadableStream({
        pull(controller) {
          sent += 1 << 16;
          controller.enqueue(new Uint8Array(1 << 16));
        },
      }),
    )
  );
  await assert.rejects(textOf(cache.storage, 100_000), /^UnfitEntry: more than the 100000 bytes/);
  assert.ok(sent < 50_000_000, `${sent} bytes were sent`);
});

Deno.test("a compressed answer is taken as the bytes that came, and is no way to send more of them", async () => {
  await using cache = served(() => new Response("hello", { headers: { "content-encoding": "gzip" } }));
  assert.equal(await textOf(cache.storage), "hello");
});

for (
  const [what, bytes] of [
    ["no answer", ""],
    ["half a body", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhe"],
    ["half a piece", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhe"],
    ["something else than HTTP", "\x16\x03\x01 hello\r\n\r\n"],
    ["half a head", "HTTP/1.1 200 OK\r\ncontent-le"],
  ] as const
) {
  Deno.test(`${what}, then the end or silence: asked again, and given up in the end`, async () => {
    for (const closes of [true, false]) {
      await using cache = raw(bytes, { closes });
      await assert.rejects(textOf(cache.storage), CacheUnavailable);
      assert.equal(cache.count(), 3);
    }
  });
}

Deno.test("a trickle is no better than silence", async () => {
  await using cache = served(() =>
    new Response(
      new ReadableStream({
        async pull(controller) {
          await new Promise((resolve) => setTimeout(resolve, 50));
          try {
            controller.enqueue(new Uint8Array(1));
          } catch {
            // Nobody reads it any more.
          }
        },
      }),
    )
  );
  await assert.rejects(textOf(cache.storage, 1_000_000), /hardly anything moved for too long/);
});

Deno.test("nobody there is told with the reason, and without the password", async () => {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  using storage = storageAt(`http://user:geheim@127.0.0.1:${port}/some/path`);
  await assert.rejects(textOf(storage), (error) => {
    assert.ok(error instanceof CacheUnavailable);
    assert.match(
      error.message,
      new RegExp(`^the remote cache at 127\\.0\\.0\\.1:${port} doesn't serve \\(.+\\)$`),
    );
    assert.doesNotMatch(error.message, /geheim|user|path/);
    return true;
  });
});

Deno.test("a signal ends what is under way, and what waits for its turn", async () => {
  await using silent = raw("", { closes: false });
  const controller = new AbortController();
  using storage = storageAt(silent.storage.place.base.href, controller.signal);
  const asking = Array.from({ length: 20 }, () => assert.rejects(textOf(storage), /enough/));
  setTimeout(() => controller.abort(new Error("enough")), 20);
  await Promise.all(asking);
});

Deno.test("where one of several files fails, nothing of the others is told or written any more", async () => {
  const folder = Deno.makeTempDirSync();
  const missing = filePath(digestOf("missing"));
  const toldFirst = Promise.withResolvers<void>();
  const bodyEnded = Promise.withResolvers<void>();
  const [pieces, pieceBytes] = [50, 2 ** 16];
  let sent = 0;
  const body = () =>
    new ReadableStream({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 2));
        if (sent++ < pieces) return controller.enqueue(new Uint8Array(pieceBytes));
        controller.close();
        bodyEnded.resolve();
      },
      cancel: () => bodyEnded.resolve(),
    }, { highWaterMark: 0 });
  await using cache = served(async ({ url }) => {
    if (!url.endsWith(missing)) return new Response(body());
    await toldFirst.promise;
    return new Response("", { status: 404 });
  });
  let bytes = 0;
  const files = ["large", "missing"].map((text) => ({ digest: digestOf(text), size: pieces * pieceBytes }));
  await assert.rejects(
    fetchFiles(cache.storage, files, folder, (more) => {
      bytes += more;
      toldFirst.resolve();
    }),
    UnfitEntry,
  );
  const before = bytes;
  Deno.removeSync(folder, { recursive: true });
  await bodyEnded.promise;
  assert.equal(bytes, before);
  assert.ok(before > 0 && before < pieces * pieceBytes, `${before}`);
});
