/** Two checkouts of one project: what one has made, the other fetches by the lock that both have. */

import assert from "node:assert/strict";
import { cpSync, existsSync } from "node:fs";
import { digestOf } from "../../../src/pipeline/store/digest.ts";
import { findResult, readRecord, recordedKeys } from "../../../src/pipeline/store/results.ts";
import { openStore } from "../../../src/pipeline/store/store.ts";
import { randomStream } from "../../../src/random.ts";
import { forge, recordOf } from "../forged.ts";
import { blobOf, filesBelow } from "../one_stage.ts";
import { chain, ended, makeProject, pipeline, type Project, start } from "../synthetic.ts";

/** A checkout with results and the lock of them, signed where `key` says so. */
async function checkoutWithResults({ key = false } = {}): Promise<Project> {
  const project = makeProject(chain);
  if (key) await pipeline(project, "key");
  await pipeline(project);
  assert.equal((await pipeline(project, "lock")).code, 0);
  return project;
}

/** Another checkout at the same commit: it has the lock, but no results. */
function checkoutOf(other: Project, files: Readonly<Record<string, string>> = chain): Project {
  const project = makeProject(files);
  cpSync(other.path("pipeline.lock"), project.path("pipeline.lock"), { recursive: true });
  return project;
}

const pull = (project: Project, from: Project, ...args: readonly string[]) =>
  pipeline(project, "pull", from.path("artifacts"), ...args);

/** Fails unless each result that the store speaks of is whole, with all that it came from. */
function assertWhole(project: Project): void {
  const store = openStore(project.path("artifacts/.store"));
  for (const key of recordedKeys(store)) {
    const record = findResult(store, key);
    assert.ok(record, `${key} is whole`);
    const origins = Object.values(record.inputs).flatMap((variants) => Object.values(variants));
    for (const { action } of origins) assert.ok(!action || readRecord(store, action), `${key} has its chain`);
  }
}

Deno.test("pull fetches locked results with all that they came from: nothing is left to run", async () => {
  using theirs = await checkoutWithResults({ key: true });
  using mine = checkoutOf(theirs);
  const { code, output, errors } = await pull(mine, theirs);
  assert.equal(code, 0, errors);
  assert.match(
    output,
    /^✓ all {2}pulled\n✓ first@long {2}pulled\n[^]*✓ 5 pulled \(\d+ files, .*B\), 0 already here\n$/,
  );
  assert.equal(mine.read("artifacts/all/all.txt"), theirs.read("artifacts/all/all.txt"));
  assert.equal(mine.read(recordOf(mine, "all")), theirs.read(recordOf(theirs, "all")), "byte by byte");
  assert.deepEqual(filesBelow(mine.path("artifacts/.store/staging")), []);

  const verified = await pipeline(mine, "verify");
  assert.equal(verified.code, 0);
  assert.match(
    verified.output,
    /signatures: 0 valid, 5 by unknown keys, 0 missing\n✓ everything is as locked/,
  );
  cpSync(theirs.path("config/calibrant"), mine.path("config/calibrant"), { recursive: true });
  assert.match((await pipeline(mine, "verify")).output, /signatures: 5 valid/, "once their key is trusted");
  assert.deepEqual((await pipeline(mine)).ran, []);
});

Deno.test("what is here isn't fetched again, even from a checkout that no longer has it", async () => {
  using theirs = await checkoutWithResults();
  using mine = checkoutOf(theirs);
  await pipeline(mine, "run", "second@long");
  const before = mine.read(recordOf(mine, "second@long"));
  const { results, locked, files } = JSON.parse((await pull(mine, theirs, "--json")).output);
  assert.equal(locked, 5);
  assert.deepEqual(results.map(({ instance }: { instance: string }) => instance), [
    "all",
    "first@short",
    "second@short",
  ]);
  // The short texts are the same as the long ones; of the code, that of the last stage is new.
  assert.equal(files, 2);
  assert.equal(mine.read(recordOf(mine, "second@long")), before, "made here, and the same");
  Deno.removeSync(theirs.path("artifacts/.store/actions"), { recursive: true });
  Deno.mkdirSync(theirs.path("artifacts/.store/actions"));
  assert.match((await pull(mine, theirs)).output, /^✓ 0 pulled \(0 files, 0 B\), 5 already here\n$/);
});

Deno.test("a result made here that isn't the locked one gives way to it", async () => {
  const files = {
    "stages/one.ts": `
import { z } from "zod";
import { join } from "node:path";
import { defineStage } from "calibrant/pipeline/stage.ts";

export default defineStage({
  description: "Makes something else each time, as some stages do.",
  parameters: z.strictObject({}),
  inputs: {},
  outputs: { "one.txt": "a number" },
  run: ({ output }) => Deno.writeTextFile(join(output, "one.txt"), crypto.randomUUID()),
});
`,
    "pipeline.yaml": "stages:\n  one: { run: stages/one.ts }\n",
  };
  using theirs = makeProject(files);
  await pipeline(theirs);
  await pipeline(theirs, "lock");
  using mine = checkoutOf(theirs, files);
  await pipeline(mine);
  assert.match((await pipeline(mine, "verify")).output, /^✗ one {2}outputs not as locked\n/);
  assert.equal((await pull(mine, theirs)).code, 0);
  assert.equal(mine.read("artifacts/one/one.txt"), theirs.read("artifacts/one/one.txt"));
  assert.equal((await pipeline(mine, "verify")).code, 0);
});

Deno.test("a changed blob is refused with its file and both digests, and a pull of an undamaged copy goes on", async () => {
  using theirs = await checkoutWithResults();
  using mine = checkoutOf(theirs);
  const blob = blobOf(theirs, "artifacts/all/all.txt");
  const text = Deno.readTextFileSync(blob);
  Deno.writeTextFileSync(blob, text.replace("one", "two"));
  const { code, errors } = await pull(mine, theirs);
  assert.equal(code, 2);
  const [expected, found] = [text, text.replace("one", "two")].map((content) => digestOf(content));
  assert.equal(
    errors,
    `error: ${blob}: found sha256 ${found}, expected sha256 ${expected}, all.txt of all\n` +
      "  Pull from a store that has the locked results, or make them here: deno task pipeline\n",
  );
  assertWhole(mine);
  assert.ok(!existsSync(mine.path("artifacts/all")), "nothing of it is shown");
  Deno.writeTextFileSync(blob, text);
  assert.match((await pull(mine, theirs)).output, /✓ 1 pulled \(2 files, .*\), 4 already here\n$/);
  assert.equal((await pipeline(mine, "verify")).code, 0);
});

Deno.test("a record that disagrees with itself or with the lock is refused before anything is taken", async () => {
  using theirs = await checkoutWithResults();
  using mine = checkoutOf(theirs);
  const path = recordOf(theirs, "first@long");
  const original = theirs.read(path);
  const record = JSON.parse(original);
  const forged = digestOf("forged");
  const { digest } = record.files["text.txt"];
  const refused = async (change: object, message: RegExp) => {
    theirs.write({ [path]: JSON.stringify({ ...record, ...change }) });
    const { code, errors } = await pull(mine, theirs);
    assert.equal(code, 2);
    assert.ok(errors.startsWith(`error: ${theirs.path(path)}: found `), errors);
    assert.match(errors, message);
    assert.deepEqual(filesBelow(mine.path("artifacts/.store/blobs")), []);
  };
  const files = { "text.txt": { digest: forged, size: 6 } };
  await refused(
    { files },
    new RegExp(`found \\w{64} for its outputs, expected ${record.tree}, as it states`),
  );
  const tree = digestOf(`{"text.txt":{"digest":"${forged}","size":6}}`);
  await refused(
    { files, tree },
    new RegExp(`found outputs ${tree}, expected ${record.tree}, which are locked for`),
  );
  const preImage = { ...record.preImage, parameters: { words: 4 } };
  await refused(
    { preImage },
    new RegExp(`found \\w{64} for its action key, expected ${record.key}, as it states`),
  );
  const inputs = { text: { "": { from: "./data.txt", digest: forged } } };
  await refused({ inputs }, new RegExp(`found \\w{64} for its input text, expected ${forged}, as it states`));
  const outside = { "../../../data.txt": { digest, size: 13 } };
  const outsideTree = digestOf(`{"../../../data.txt":{"digest":"${digest}","size":13}}`);
  await refused(
    { files: outside, tree: outsideTree },
    /found an output \.\.\/\.\.\/\.\.\/data\.txt, expected names within/,
  );
  theirs.write({ [path]: original.slice(0, 100) });
  assert.match(
    (await pull(mine, theirs)).errors,
    /found no record that can be read, expected that of action \w{64}\n/,
  );
  Deno.removeSync(theirs.path(path));
  assert.match(
    (await pull(mine, theirs)).errors,
    /found no such file, expected a file of the results that are locked\n/,
  );
  theirs.write({ [path]: original });
  assert.equal((await pull(mine, theirs)).code, 0);
});

Deno.test("what a trusted key signed has to be what it signed", async () => {
  using theirs = await checkoutWithResults({ key: true });
  using mine = checkoutOf(theirs);
  cpSync(theirs.path("config/calibrant"), mine.path("config/calibrant"), { recursive: true });
  const path = recordOf(theirs, "all");
  theirs.write({ [path]: theirs.read(path).replace(/"ended": "\d{4}/, '"ended": "1999') });
  const { code, errors } = await pull(mine, theirs);
  assert.equal(code, 2);
  assert.match(errors, /found its record isn't the one that was signed, expected what was signed\n/);
});

Deno.test("an action that a record names as its input's maker is believed only with a witness", async () => {
  const other = "stages:\n  secret: { run: stages/copy.ts, needs: { text: ./other.txt } }\n";
  const files = { ...chain, "other.txt": "a b c", "other.yaml": other };
  using theirs = makeProject(files);
  await pipeline(theirs, "key");
  await pipeline(theirs);
  await pipeline(theirs, "lock");
  await pipeline(theirs, "run", "--file", "other.yaml");
  const actions = filesBelow(theirs.path("artifacts/.store/actions"));
  const secret = actions.find((path) => Deno.readTextFileSync(path).includes('"instance": "secret"')) ?? "";
  const data = { "text.txt": chain["data.txt"] };
  const [name] = secret.split("/").slice(-1);
  forge(theirs, `artifacts/.store/actions/${name}`, data); // what the locked results read indeed
  Deno.removeSync(theirs.path(`artifacts/.store/signatures/${name}`));
  for (const path of actions.filter((path) => Deno.readTextFileSync(path).includes('"instance": "first'))) {
    const record = JSON.parse(Deno.readTextFileSync(path));
    record.inputs.text[""] = {
      ...record.inputs.text[""],
      from: "secret:text.txt",
      action: name?.slice(0, 64),
    };
    Deno.writeTextFileSync(path, JSON.stringify(record));
  }
  using mine = checkoutOf(theirs, files);
  assert.equal((await pull(mine, theirs)).code, 0);
  assert.deepEqual((await pipeline(mine, "run", "--file", "other.yaml")).ran, ["secret"]);
  assert.doesNotMatch((await pipeline(mine, "audit", "first@long", "--json")).output, /"instance": "secret"/);
});

Deno.test("what isn't a plain file in the other store is named, and not waited for", async () => {
  using theirs = await checkoutWithResults();
  using mine = checkoutOf(theirs);
  const record = theirs.path(recordOf(theirs, "all"));
  for (const path of [record, blobOf(theirs, "artifacts/all/all.txt")]) {
    const content = Deno.readFileSync(path);
    const replace = async (how: () => unknown, message: RegExp) => {
      Deno.removeSync(path);
      how();
      const { code, errors } = await pull(mine, theirs);
      assert.equal(code, 2);
      assert.match(errors, message);
    };
    await replace(
      () => new Deno.Command("mkfifo", { args: [path] }).outputSync(),
      /found a pipe, expected a plain/,
    );
    await replace(() => Deno.symlinkSync("/dev/zero", path), /found a link, expected a plain file/);
    await replace(() => {
      Deno.writeTextFileSync(path, "");
      Deno.truncateSync(path, 700_000_000);
    }, /found a file of 700000000 bytes, expected at most \d+\n/);
    Deno.removeSync(path);
    Deno.writeFileSync(path, content);
  }
  assert.equal((await pull(mine, theirs)).code, 0);
});

Deno.test("a lock names nothing but instances", async () => {
  using theirs = await checkoutWithResults();
  using mine = checkoutOf(theirs);
  mine.write({
    "artifacts/setup/lib.so": "mine",
    "pipeline.lock/setup.txt": mine.read("pipeline.lock/all.txt").replace("all ", "setup "),
  });
  const { code, errors } = await pull(mine, theirs);
  assert.equal(code, 2);
  assert.match(
    errors,
    /^error: pipeline\.lock\/setup\.txt:1: found "setup \w+ \w+", expected one line for each/,
  );
  assert.equal(mine.read("artifacts/setup/lib.so"), "mine");
});

Deno.test("with a lock that is out of date, pull brings what it says and the next run makes what is new", async () => {
  using theirs = await checkoutWithResults();
  using mine = checkoutOf(theirs);
  mine.write({ "pipeline.yaml": chain["pipeline.yaml"].replace("words: 2", "words: 1") });
  assert.equal((await pull(mine, theirs)).code, 0);
  assert.deepEqual((await pipeline(mine)).ran, ["all", "second@long", "second@short"]);
  assert.equal((await pipeline(mine, "verify")).code, 1);
  await pipeline(mine, "lock");
  assert.equal((await pipeline(mine, "verify")).code, 0);
  const { code, errors } = await pull(theirs, mine);
  assert.equal(code, 0, errors); // their lock is the old one, and all of that is there
});

Deno.test("pull without a lock, or from a folder without results, is told in one message", async () => {
  using theirs = await checkoutWithResults();
  using mine = makeProject(chain);
  const unlocked = await pull(mine, theirs);
  assert.equal(unlocked.code, 2);
  assert.match(
    unlocked.errors,
    /^error: pipeline\.lock: found no locked results, expected the pipeline's lock/,
  );
  using empty = checkoutOf(theirs);
  const nowhere = await pull(empty, mine);
  assert.equal(nowhere.code, 2);
  assert.match(nowhere.errors, /artifacts: found no results, expected the artifacts folder of a checkout/);
});

const kills = 10;

Deno.test(`pulls that are killed at ${kills} random moments leave only whole results, and the next one ends right`, async () => {
  const many = Array.from({ length: 20 }, (_, index) => index);
  const files = {
    ...chain,
    "pipeline.yaml": chain["pipeline.yaml"].replaceAll("[short, long]", `[${many.join(", ")}]`)
      .replaceAll('"${matrix.length}"', '"number ${matrix.length}"'),
  };
  using theirs = makeProject(files);
  await pipeline(theirs, "key");
  await pipeline(theirs);
  await pipeline(theirs, "lock");
  const random = randomStream(4, "killed pulls");
  for (let kill = 0; kill < kills; kill++) {
    using mine = checkoutOf(theirs, files);
    const records = () => filesBelow(mine.path("artifacts/.store/actions")).length;
    const enough = Math.floor(random.next() * 41);
    const pulling = start(mine, ["pull", theirs.path("artifacts")]);
    let isOver = false;
    const end = ended(pulling).then(() => isOver = true);
    while (!isOver && records() < enough) await new Promise((resolve) => setTimeout(resolve, 1));
    if (!isOver) pulling.kill("SIGKILL");
    await end;
    assertWhole(mine);
    assert.equal((await pull(mine, theirs)).code, 0);
    assert.equal((await pipeline(mine, "verify")).code, 0);
    assert.deepEqual((await pipeline(mine)).ran, []);
    assert.deepEqual(filesBelow(mine.path("artifacts/.store/staging")), []);
  }
});
