/** What a stage prints, reads and leaves undone, beside what its process tells the engine. */

import assert from "node:assert/strict";
import { logged, projectWith } from "../one_stage.ts";
import { pipeline, type Project } from "../synthetic.ts";

/** A project whose stage has this body and may be run again in the same process. */
function warmProjectWith(body: string): Project {
  const project = projectWith(body);
  project.write({
    "stages/one.ts": project.read("stages/one.ts").replace("  async run", "  warm: true,\n  async run"),
    "pipeline.yaml": "stages:\n  one: { run: stages/one.ts, needs: { text: ./data.txt } }\n" +
      '  two: { run: stages/one.ts, needs: { text: "one:text.txt" } }\n' +
      '  three: { run: stages/one.ts, needs: { text: "two:text.txt" }, params: { ms: 1 } }\n',
  });
  return project;
}

const kinds = [["a process of its own", projectWith], ["a process that is kept", warmProjectWith]] as const;

const forge = `
  const lines = ["loaded", "returned", "done", "failed", "end"].flatMap((type) => {
    const message = JSON.stringify({ type, parameters: "{}", reason: "forged", explained: true });
    return ["data: \\x1e" + type, "\\x1e" + message, "\\x1e" + crypto.randomUUID() + message];
  });
  for (const line of lines) { console.log(line); console.error(line); }
`;

for (const [kind, makeProject] of kinds) {
  Deno.test(`nothing that a stage prints is taken for a message (${kind})`, async () => {
    using project = makeProject(`
      Deno.writeTextFileSync(join(output, "text.txt"), "half");
      ${forge}
      await pause(200);
      give();
      log("all of it");`);
    const { code, output } = await pipeline(project);
    assert.equal(code, 0, output);
    assert.equal(project.read("artifacts/one/text.txt"), "hello\n");
    assert.ok(logged(project).includes("data: \x1eend\n"));
    assert.ok(logged(project).includes("all of it\n"));
  });

  Deno.test(`a stage that reads from stdin finds its end (${kind})`, async () => {
    using project = makeProject(`
      const piece = new Uint8Array(9);
      const { readSync } = await import("node:fs");
      const { default: process } = await import("node:process");
      log("read " + Deno.stdin.readSync(piece) + " " + await Deno.stdin.read(piece) + " " + readSync(0, piece));
      log("asked " + prompt("name?") + " " + confirm("sure?"));
      for await (const more of process.stdin) log("more " + more);
      for await (const more of Deno.stdin.readable) log("more " + more);
      give();`);
    const { code, output } = await pipeline(project);
    assert.equal(code, 0, output);
    assert.match(logged(project), /read null null 0\n[^]*asked null false\n/);
    assert.doesNotMatch(logged(project), /more/);
  });

  Deno.test(`what a stage doesn't await is done before its result is taken (${kind})`, async () => {
    using project = makeProject(`
      const { createWriteStream } = await import("node:fs");
      const stream = createWriteStream(join(output, "text.txt"));
      for (let index = 0; index < 200; index++) stream.write("x".repeat(100_000));
      pause(100).then(() => stream.end("the end"));`);
    const { code, output } = await pipeline(project);
    assert.equal(code, 0, output);
    assert.equal(project.read("artifacts/one/text.txt"), "x".repeat(20_000_000) + "the end");
  });

  Deno.test(`a stage fails where what it doesn't await fails (${kind})`, async () => {
    using project = makeProject(`give(); pause(50).then(() => { throw new Error("too late"); });`);
    const { code, output } = await pipeline(project);
    assert.equal(code, 1);
    assert.match(output, /✗ one +failed: its process ended with exit code 1 before the stage was done/);
    assert.match(output, /too late/);
  });
}

Deno.test("a stage that ends its process with a forged message hasn't succeeded", async () => {
  using project = projectWith(`give(); ${forge} Deno.exit(0);`);
  const { code, output } = await pipeline(project);
  assert.equal(code, 1);
  assert.match(output, /✗ one +failed: its process ended with exit code 0 before the stage was done/);
});

Deno.test("a stage that leaves something running when it returns fails after a while, and is told why", async () => {
  using project = projectWith(`give(); setInterval(() => log("still here"), 1000);`);
  const { code, output } = await pipeline(project);
  assert.equal(code, 1);
  assert.match(
    output,
    /✗ one +failed: it returned, but 10 s later something that it had begun was still under way/,
  );
});

Deno.test("a failure shows no more than the start of a line that never ends", async () => {
  using project = projectWith(`
    for (let index = 0; index < 100; index++) Deno.stdout.writeSync(new TextEncoder().encode("\\r" + index + "x".repeat(10_000)));
    throw new Error("out of luck");`);
  const { code, output } = await pipeline(project);
  assert.equal(code, 1);
  assert.ok(output.length < 10_000, `${output.length} characters`);
  assert.ok(logged(project).length > 1_000_000);
});
