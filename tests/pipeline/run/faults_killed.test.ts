import assert from "node:assert/strict";
import { randomStream } from "../../../src/random.ts";
import { filesBelow } from "../one_stage.ts";
import { chain, makeProject, pipeline, start } from "../synthetic.ts";

/** How many runs are killed: KILLS says another number, for a run by hand. */
const kills = Number(Deno.env.get("KILLS") ?? 60);
const longestMs = 1000; // within which a run is killed: it takes about as long where nothing else is going on

Deno.test(`runs that are killed at ${kills} random moments leave nothing that is wrong, and the next one is right`, async () => {
  using project = makeProject(chain);
  const random = randomStream(4, "kills");
  for (let kill = 0; kill < kills; kill++) {
    const ending = `--set=vars.ending="-${kill}"`;
    const running = start(project, [ending]);
    const output = running.output(); // read while it runs
    await new Promise((resolve) => setTimeout(resolve, random.next() * longestMs));
    try {
      running.kill("SIGKILL");
    } catch {
      // It was done before.
    }
    await output;
    // Every record that is there is of whole content: the run below believes it.
    const { code, errors } = await pipeline(project, ending);
    assert.equal(code, 0, errors);
    assert.equal(project.read("artifacts/all/all.txt"), `long: one two-${kill}\nshort: one two-${kill}\n`);
  }
  assert.equal((await pipeline(project, "verify")).code, 0);
  assert.deepEqual(filesBelow(project.path("artifacts/.store/checkpoints")), []);
});
