/** Kills runs of real stages, by hand alone, since that takes minutes: SMOKE_KILLS says how many. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { randomStream } from "../../../src/random.ts";
import { filesBelow } from "../one_stage.ts";
import { pipeline, start } from "../synthetic.ts";

const kills = Number(Deno.env.get("SMOKE_KILLS") ?? 0);
const [soonest, latest] = [2000, 30_000]; // milliseconds after which a run is killed

const repository = fileURLToPath(new URL("../../..", import.meta.url));

/** Makes a copy of this project in a folder below artifacts/, with links to what set-up has made. */
function copyOfThisProject() {
  const root = Deno.makeTempDirSync({ dir: join(repository, "artifacts"), prefix: "kills-" });
  Deno.mkdirSync(join(root, "artifacts"));
  const copy = (how: string, name: string) => {
    const args = [how, join(repository, name), join(root, name)];
    assert.ok(new Deno.Command("cp", { args }).outputSync().success, name);
  };
  ["deno.json", "deno.lock", "pipelines", "src", "stages"].forEach((name) => copy("-a", name));
  ["node_modules", "artifacts/setup"].forEach((name) => copy("-al", name));
  const path = (...parts: readonly string[]) => join(root, ...parts);
  return {
    root,
    path,
    read: (name: string) => Deno.readTextFileSync(path(name)),
    write() {},
    [Symbol.dispose]: () => Deno.removeSync(root, { recursive: true }),
  };
}

type Copy = ReturnType<typeof copyOfThisProject>;

/** Returns the path of each instance's newest record. */
function recordsOf(project: Copy): readonly string[] {
  const notes = filesBelow(project.path("artifacts/.store/pipelines")).filter((path) =>
    path.includes("/latest/")
  );
  return notes.sort().map((note) => {
    const key = Deno.readTextFileSync(note).trim();
    return project.path(`artifacts/.store/actions/${key}.json`);
  });
}

/** Returns the name and the digest of the outputs of each newest result. */
function resultsOf(project: Copy): readonly string[] {
  return recordsOf(project).map((path) => {
    const { instance, tree } = JSON.parse(Deno.readTextFileSync(path));
    return `${instance} ${tree}`;
  });
}

Deno.test({
  name: "real stages that are killed and taken up again end in what an undisturbed run makes",
  ignore: kills === 0,
  async fn() {
    using project = copyOfThisProject();
    const file = ["--file", "pipelines/smoke.yaml"];
    const random = randomStream(4, "smoke kills");
    for (let kill = 1; kill <= kills; kill++) {
      const running = start(project, file);
      const output = running.output(); // read while it runs
      const delay = soonest + random.next() * (latest - soonest);
      const timer = setTimeout(() => running.kill("SIGKILL"), delay);
      const { code, stderr } = await output;
      clearTimeout(timer);
      assert.ok([0, 137].includes(code), new TextDecoder().decode(stderr));
      console.log(`run ${kill}, to be killed after ${Math.round(delay / 1000)} s: exit code ${code}`);
      if (code === 137) continue;
      // It came to its end before that: two of its results are to be made again.
      const records = recordsOf(project);
      for (const share of [random.next() / 2, random.next() / 2 + 0.5]) {
        Deno.removeSync(records[Math.floor(share * records.length)]);
      }
    }
    const { code, errors } = await pipeline(project, ...file);
    assert.equal(code, 0, errors);
    assert.equal((await pipeline(project, "verify", ...file)).code, 0);
    assert.deepEqual(filesBelow(project.path("artifacts/.store/checkpoints")), []);
    const killed = resultsOf(project);
    Deno.renameSync(project.path("artifacts/.store"), project.path("killed"));
    Deno.removeSync(project.path("artifacts/pipelines+smoke.yaml"), { recursive: true });
    assert.equal((await pipeline(project, ...file)).code, 0);
    assert.deepEqual(killed, resultsOf(project));
  },
});
