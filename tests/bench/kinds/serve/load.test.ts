import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { Load } from "../../../../bench/kinds/serve/load_figures.ts";

const script = fileURLToPath(new URL("../../../../bench/kinds/serve/load.ts", import.meta.url));

/** Lets clients load a server at this port for a moment. */
async function load(port: number, texts: readonly string[], clients: number) {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, JSON.stringify(texts));
  const args = [`http://127.0.0.1:${port}/predict`, file, String(clients), "0.3"];
  const run = ["run", "--quiet", "--no-prompt", "--allow-net=127.0.0.1", "--allow-read", script, ...args];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: run }).output();
  await Deno.remove(file);
  return { code, output: new TextDecoder().decode(stdout), errors: new TextDecoder().decode(stderr) };
}

Deno.test("clients ask side by side, all texts in turn, and every request is timed", async () => {
  const asked: string[] = [];
  let [open, most] = [0, 0];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    most = Math.max(most, ++open);
    asked.push((await request.json()).text);
    await new Promise((resolve) => setTimeout(resolve, 5));
    open--;
    return new Response("{}");
  });
  const { code, output, errors } = await load(server.addr.port, ["a", "b", "c"], 4);
  await server.shutdown();
  assert.equal(code, 0, errors);
  const { seconds, milliseconds }: Load = JSON.parse(output);
  assert.equal(milliseconds.length, asked.length);
  assert.equal(most, 4);
  const counts = ["a", "b", "c"].map((text) => asked.filter((one) => one === text).length);
  assert.ok(Math.max(...counts) - Math.min(...counts) <= 1, `${counts}`);
  assert.ok(seconds >= 0.3 && milliseconds.every((one) => one > 0 && one <= 1000 * seconds));
});

Deno.test("a server that refuses a request fails the measurement with what it said", async () => {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => new Response("no room", { status: 429 }),
  );
  const { code, errors } = await load(server.addr.port, ["a"], 1);
  await server.shutdown();
  assert.notEqual(code, 0);
  assert.match(errors, /answered 429: no room/);
});
