import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { randomStream } from "../../../src/random.ts";
import { mayMount, onDisk } from "../disk.ts";
import { filesBelow } from "../one_stage.ts";
import { chain, makeProject, pipeline, type Project, start } from "../synthetic.ts";

const made = ["all", "first@long", "first@short", "second@long", "second@short"];
const text = "long: one two\nshort: one two\n";

/** A checkout whose user has configured that results are kept in this folder. */
function checkout(store: string): Project {
  return makeProject({ ...chain, "config/calibrant/config.yaml": `store: ${store}\n` });
}

/** A folder that is gone at the end of the test. */
const makeFolder = () => makeProject({});

const resultsIn = (store: string) => filesBelow(`${store}/actions`).length;

async function assertSound(...projects: readonly Project[]): Promise<void> {
  for (const project of projects) {
    const { code, output, errors } = await pipeline(project, "verify");
    assert.equal(code, 0, output + errors);
  }
}

Deno.test("two checkouts that share a store take each other's results, and run nothing", async () => {
  using folder = makeFolder();
  const place = folder.path("store");
  using mine = checkout(place);
  using other = checkout(place);
  assert.deepEqual((await pipeline(mine)).ran, made);
  assert.match((await pipeline(other, "status")).output, /^✓ .*all/m);
  const taken = await pipeline(other);
  assert.deepEqual([taken.code, taken.ran, taken.errors], [0, [], ""]);
  assert.equal(other.read("artifacts/all/all.txt"), text);
  assert.equal(
    Deno.statSync(other.path("artifacts/all/all.txt")).ino,
    Deno.statSync(mine.path("artifacts/all/all.txt")).ino,
  );
  assert.equal(resultsIn(place), 5);
  await assertSound(mine, other);
});

Deno.test("what one checkout shows is its own: another that makes other results changes nothing of it", async () => {
  using folder = makeFolder();
  using mine = checkout(folder.path("store"));
  using other = checkout(folder.path("store"));
  await pipeline(mine);
  assert.deepEqual((await pipeline(other, "--set", "vars.ending=a")).ran, [
    "all",
    "second@long",
    "second@short",
  ]);
  assert.equal(mine.read("artifacts/all/all.txt"), text);
  assert.match((await pipeline(mine, "status")).output, /^✓ .*all/m);
  assert.match((await pipeline(other, "audit", "artifacts/all/all.txt")).output, /is what its stage made/);
  await assertSound(mine, other);
});

Deno.test("gc keeps what every checkout shows, and names those that it doesn't find", async () => {
  using folder = makeFolder();
  const place = folder.path("store");
  using mine = checkout(place);
  using other = checkout(place);
  mine.write({ "mine.yaml": chain["pipeline.yaml"] });
  const runMine = () => pipeline(mine, "--file", "mine.yaml");
  await runMine();
  for (const ending of ["a", "b"]) await pipeline(other, "--set", `vars.ending=${ending}`);
  const clean = async () => JSON.parse((await pipeline(other, "gc", "--keep-runs", "1", "--json")).output);
  const first = await clean();
  assert.deepEqual([first.removed.results, first.kept.results, first.unseen], [3, 8, []]);
  assert.deepEqual((await runMine()).ran, []);
  Deno.renameSync(mine.path("artifacts"), mine.path("away"));
  const second = await clean();
  assert.deepEqual([second.removed.results, second.kept.results], [0, 8]);
  const [unseen] = second.unseen;
  assert.equal(unseen.artifacts, mine.path("artifacts"));
  assert.match((await pipeline(other, "gc", "--dry-run")).output, /if it is gone for good,\s+remove/);
  await assertSound(other);
  // A checkout that comes back finds its results; one that is forgotten loses them.
  Deno.renameSync(mine.path("away"), mine.path("artifacts"));
  assert.deepEqual((await runMine()).ran, []);
  Deno.removeSync(unseen.folder, { recursive: true });
  assert.deepEqual((await clean()).removed.results, 3);
});

Deno.test("a run in each of two checkouts at the same moment makes each result once", async () => {
  using folder = makeFolder();
  using mine = checkout(folder.path("store"));
  using other = checkout(folder.path("store"));
  const both = await Promise.all([pipeline(mine), pipeline(other)]);
  for (const { code, errors } of both) assert.equal(code, 0, errors);
  assert.deepEqual(both.flatMap(({ ran }) => ran).sort(), made);
  for (const project of [mine, other]) assert.equal(project.read("artifacts/all/all.txt"), text);
  await assertSound(mine, other);
});

Deno.test("runs that are killed at random moments, beside another checkout's gc, leave nothing wrong", async () => {
  using folder = makeFolder();
  const place = folder.path("store");
  using other = checkout(place);
  const random = randomStream(5, "kills");
  for (let kill = 0; kill < 5; kill++) {
    using mine = checkout(place); // which joins the store and is killed
    const ending = `--set=vars.ending="-${kill % 4}"`;
    const running = start(mine, [ending]);
    const output = running.output();
    const cleaning = pipeline(other, "gc", "--keep-runs", "1");
    await new Promise((resolve) => setTimeout(resolve, random.next() * 1500));
    // The process that was started has started another, which may write to the store.
    new Deno.Command("pkill", { args: ["-KILL", "-P", `${running.pid}`] }).outputSync();
    await output;
    assert.equal((await cleaning).code, 0);
    for (const project of [mine, other]) {
      const { code, errors } = await pipeline(project, ending);
      assert.equal(code, 0, errors);
      assert.equal(
        project.read("artifacts/all/all.txt"),
        `long: one two-${kill % 4}\nshort: one two-${kill % 4}\n`,
      );
    }
    await assertSound(mine, other);
  }
});

const ignore = !mayMount();

Deno.test({
  name: `a store on another disk is shared by copies${
    ignore ? " (skipped: only root may mount a small disk)" : ""
  }`,
  ignore,
  async fn() {
    using folder = makeFolder();
    const disk = folder.path("disk");
    await onDisk(disk, "16m", async () => {
      using mine = checkout(`${disk}/store`);
      using other = checkout(`${disk}/store`);
      assert.deepEqual((await pipeline(mine)).ran, made);
      assert.deepEqual((await pipeline(other)).ran, []);
      const view = other.path("artifacts/all/all.txt");
      assert.equal(Deno.readTextFileSync(view), text);
      assert.notEqual(Deno.statSync(view).dev, Deno.statSync(`${disk}/store/actions`).dev);
      assert.deepEqual((await pipeline(other)).ran, []);
      await assertSound(mine, other);
    });
    // The disk is gone: nothing is made in its place.
    using late = checkout(`${disk}/store`);
    Deno.mkdirSync(late.path("artifacts"));
    Deno.symlinkSync(`${disk}/store/checkouts/${crypto.randomUUID()}`, late.path("artifacts/.store"));
    const { code, errors } = await pipeline(late);
    assert.equal(code, 2);
    assert.match(errors, /where nothing is, expected .*\n {2}Mount the store's disk\./);
    assert.ok(!existsSync(`${disk}/store`));
  },
});

Deno.test("a place where no shared store can be is one message, and nothing is written", async () => {
  using folder = makeFolder();
  folder.write({ "file": "", "mine/notes.txt": "precious", "alone/actions/.keep": "" });
  const places: Readonly<Record<string, RegExp>> = {
    "relative/store": /^error: found the store's place "relative\/store", expected an absolute path/,
    [folder.path("file")]: /file: found a file in the store's place, expected a store that checkouts share/,
    [folder.path("mine")]: /mine: found a folder of something else/,
    [folder.path("alone")]: /alone: found a store of one checkout alone/,
    [folder.path("no", "store")]: /no\/store: found no folder in which the store's could be made/,
    [folder.path("a,b")]: /found a comma in the path/,
    "/dev/shm/calibrant-store":
      /found a place for artifacts that Deno lets only programs with all permissions/,
    "/proc/calibrant-store": /found a place for artifacts that Deno lets only programs with all permissions/,
  };
  for (const [place, message] of Object.entries(places)) {
    using project = checkout(place);
    const { code, output, errors } = await pipeline(project);
    assert.deepEqual([code, output], [2, ""], place);
    assert.match(errors, message);
    assert.doesNotMatch(errors, /\n {4}at /);
    assert.ok(!existsSync(project.path("artifacts")), place);
  }
  assert.deepEqual(filesBelow(folder.path("mine")), [folder.path("mine/notes.txt")]);
  using within = makeProject(chain);
  within.write({ "config/calibrant/config.yaml": `store: ${within.path("artifacts/shared")}\n` });
  assert.match((await pipeline(within)).errors, /found a place for the store within artifacts\//);
});

Deno.test("a checkout that has its results elsewhere is told so, and left as it is", async () => {
  using folder = makeFolder();
  const place = folder.path("store");
  using mine = checkout(place);
  await pipeline(mine);

  using alone = makeProject(chain);
  await pipeline(alone);
  const configuration = { "config/calibrant/config.yaml": `store: ${place}\n` };
  alone.write(configuration);
  const own = await pipeline(alone);
  assert.equal(own.code, 2);
  assert.match(
    own.errors,
    /artifacts\/\.store: found results of this checkout alone, expected a link to a folder/,
  );
  // What the message says to do.
  Deno.mkdirSync(alone.path("before"));
  for (const name of [".store", "first", "second", "all"]) {
    Deno.renameSync(alone.path("artifacts", name), alone.path("before", name));
  }
  assert.deepEqual((await pipeline(alone)).ran, []);

  alone.write({ "config/calibrant/config.yaml": `store: ${folder.path("another")}\n` });
  assert.match((await pipeline(alone)).errors, /artifacts\/\.store: found a link to .*\/store\/checkouts\//);
  alone.write({ "config/calibrant/config.yaml": "" }); // the link says where the results are
  assert.deepEqual((await pipeline(alone)).ran, []);

  using copy = checkout(place);
  new Deno.Command("cp", { args: ["-a", mine.path("artifacts"), copy.path("artifacts")] }).outputSync();
  const copied = await pipeline(copy);
  assert.equal(copied.code, 2);
  assert.match(copied.errors, /found the same link as in .*\/artifacts, of which this is a copy/);
  Deno.removeSync(copy.path("artifacts"), { recursive: true });
  assert.deepEqual((await pipeline(copy)).ran, []);
  await assertSound(mine, alone, copy);
});

Deno.test("a checkout that was moved keeps its results", async () => {
  using folder = makeFolder();
  using mine = checkout(folder.path("store"));
  using elsewhere = checkout(folder.path("store"));
  await pipeline(mine);
  Deno.renameSync(mine.path("artifacts"), elsewhere.path("artifacts"));
  assert.deepEqual((await pipeline(elsewhere)).ran, []);
  const [name = ""] = [...Deno.readDirSync(folder.path("store/checkouts"))].map(({ name }) => name);
  assert.equal(folder.read(`store/checkouts/${name}/checkout`), `${elsewhere.path("artifacts")}\n`);
  await assertSound(elsewhere);
});

Deno.test("a shared store of another format is never moved aside", async () => {
  using folder = makeFolder();
  using mine = checkout(folder.path("store"));
  await pipeline(mine);
  folder.write({ "store/format": "0\n" });
  for (const args of [[], ["status"], ["gc"]]) {
    const { code, errors } = await pipeline(mine, ...args);
    assert.equal(code, 2);
    assert.match(errors, /store: found a store of format 0, expected .*\n {2}Checkouts share it/);
  }
  assert.equal(resultsIn(folder.path("store")), 5);
});

Deno.test("results are pulled from a checkout that keeps them in a shared store", async () => {
  using folder = makeFolder();
  using mine = checkout(folder.path("store"));
  await pipeline(mine);
  await pipeline(mine, "lock");
  using other = makeProject(chain);
  new Deno.Command("cp", { args: ["-r", mine.path("pipeline.lock"), other.path()] }).outputSync();
  const { code, output, errors } = await pipeline(other, "pull", mine.path("artifacts"));
  assert.equal(code, 0, errors);
  assert.match(output, /5 pulled/);
  assert.equal(other.read("artifacts/all/all.txt"), text);
});
