import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Asset } from "../../../src/runtime/setup/assets.ts";
import { assetStep } from "../../../src/runtime/setup/asset_step.ts";
import { placesIn } from "../../../src/runtime/setup/places.ts";
import { isComplete, setUp } from "../../../src/runtime/setup/setup.ts";
import { environment, pin, temporaryFolder, writeTinyWheel } from "./tools.ts";

const silent = { line: () => {}, detail: () => {} };

/** Makes a project's folder, and a plan to set it up from one tiny wheel. */
function project() {
  const folder = temporaryFolder();
  const wheel = writeTinyWheel(folder.path, { "package/a.txt": "content" });
  const settings = environment({ PIP_NO_INDEX: "1", PIP_FIND_LINKS: folder.path, PIP_NO_CACHE_DIR: "1" });
  const places = placesIn(folder.path);
  const asset: Asset = {
    name: "data",
    title: "data",
    requirements: pin(wheel),
    packages: { wheelsFor: ["any"] },
    downloadMegabytes: 1,
    unpackedMegabytes: 1,
    members: { "package/": "" },
  };
  const planFor = (changed: Partial<Asset>) => ({
    places,
    steps: [assetStep({ ...asset, ...changed }, places)],
    isFinished: () => true,
    finish: () => Promise.resolve(),
  });
  return {
    wheel,
    places,
    file: join(places.setup, "data", "a.txt"),
    plan: planFor({}),
    planFor,
    [Symbol.dispose]() {
      settings[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}

Deno.test("set-up makes what is missing, stamps it, and leaves nothing else", async () => {
  using given = project();
  assert(!isComplete(given.plan));

  await setUp(given.plan, silent);

  assert(isComplete(given.plan));
  assert.equal(readFileSync(given.file, "utf8"), "content");
  const left = [...Deno.readDirSync(given.places.setup)].map(({ name }) => name).sort();
  assert.deepEqual(left, [".lock", "data", "stamp.json"]);
});

Deno.test("a second set-up needs no network, no pip, no Python", async () => {
  using given = project();
  await setUp(given.plan, silent);
  Deno.removeSync(given.wheel);
  using _nothing = environment({ PATH: "/nowhere" });

  await setUp(given.plan, silent);
});

Deno.test("a file that is gone, or another pin, makes set-up do that part again", async () => {
  using given = project();
  await setUp(given.plan, silent);

  Deno.removeSync(given.file);
  assert(!isComplete(given.plan));
  await setUp(given.plan, silent);
  assert(existsSync(given.file));

  const changed = given.planFor({ members: { "package/a": "b" } });
  assert(!isComplete(changed));
  await setUp(changed, silent);
  assert(!existsSync(given.file) && existsSync(join(given.places.setup, "data", "b.txt")));
});

Deno.test("a damaged archive is thrown away, so that the next set-up gets a whole one", async () => {
  using given = project();
  const [requirement] = pin(given.wheel);
  const kept = join(given.places.downloads, requirement.hashes[0]);
  Deno.mkdirSync(kept, { recursive: true });
  Deno.writeTextFileSync(join(kept, "tiny-1.0-py3-none-any.whl"), "not a wheel");

  await assert.rejects(setUp(given.plan, silent), /can't be unpacked/);
  assert(!existsSync(given.places.stamp));
  await setUp(given.plan, silent);
  assert(isComplete(given.plan));
});

Deno.test("a file that isn't the one that is pinned is refused, though the archive is", async () => {
  using given = project();
  const sha256 = "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73"; // of "content"
  const digests = { "a.txt": sha256.replace("e", "f") };

  await assert.rejects(
    setUp(given.planFor({ digests }), silent),
    new RegExp(`found a.txt with the SHA-256 ${sha256} in the packages, expected fd7002`),
  );
  assert(!existsSync(given.file));
  await setUp(given.planFor({ digests: { "a.txt": sha256 } }), silent);
  assert(existsSync(given.file));
});

Deno.test("what was set up on request stays when others set up without it", async () => {
  using given = project();
  const [asked] = given.planFor({ name: "asked" }).steps;
  await setUp({ ...given.plan, steps: [...given.plan.steps, asked!] }, silent);
  Deno.removeSync(given.file);

  await setUp(given.plan, silent);

  assert(isComplete({ ...given.plan, steps: [...given.plan.steps, asked!] }));
});

Deno.test("too little room on the disk is found before anything is downloaded", async () => {
  using given = project();
  const petabyte = given.planFor({ unpackedMegabytes: 1e9 });

  await assert.rejects(
    setUp(petabyte, silent),
    /found \d+ MB free on the disk that holds artifacts\/, expected 1000000001 MB/,
  );
  assert(!existsSync(given.places.downloads));
});

Deno.test("a stamp that can't be read counts as none", async () => {
  using given = project();
  await setUp(given.plan, silent);
  Deno.writeTextFileSync(given.places.stamp, "{");

  await setUp(given.plan, silent);
  assert(isComplete(given.plan));
});

const program = new URL("set_up_slowly.ts", import.meta.url).pathname;

function setUpSlowly(root: string): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      `--allow-read`,
      `--allow-write=${root}`,
      "--allow-sys=statfs",
      program,
      root,
    ],
    stdout: "null",
  }).spawn();
}

Deno.test("of two set-ups at once, one does the work and the other waits for it", async () => {
  using root = temporaryFolder();
  const processes = [setUpSlowly(root.path), setUpSlowly(root.path)];

  for (const { status } of processes) assert.equal((await status).code, 0);

  const log = readFileSync(join(root.path, "log"), "utf8");
  assert.equal(log, "first begun\nfirst done\nsecond begun\nsecond done\n");
});

Deno.test("a set-up that was killed goes on where it was, with no lock left behind", async () => {
  using root = temporaryFolder();
  const log = join(root.path, "log");
  const killed = setUpSlowly(root.path);
  while (!existsSync(log) || !readFileSync(log, "utf8").includes("second begun")) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  killed.kill("SIGKILL");
  await killed.status;
  const places = placesIn(root.path);
  assert(!existsSync(places.stamp) && !existsSync(join(places.setup, "second")));

  assert.equal((await setUpSlowly(root.path).status).code, 0);

  assert.equal(
    readFileSync(log, "utf8"),
    "first begun\nfirst done\nsecond begun\nsecond begun\nsecond done\n",
  );
  assert.equal(readFileSync(join(places.setup, "second", "file"), "utf8"), "whole");
});
