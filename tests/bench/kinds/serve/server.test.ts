import assert from "node:assert/strict";
import { startServer } from "../../../../bench/kinds/serve/server.ts";

const python = (program: string) => ["python3", "-u", "-c", program];

Deno.test("a server's port stands at the end of its first line, with or without a slash", async () => {
  for (const line of ["model is served at http://127.0.0.1:8123/", "8123"]) {
    const server = await startServer(python(`print("${line}"); import time; time.sleep(60)`), {});
    assert.equal(server.port, 8123);
    await server.end();
  }
});

Deno.test("a server that ends before it listens is told with what it said", async () => {
  await assert.rejects(startServer(python("raise SystemExit('no model')"), {}), /has ended: no model/);
});
