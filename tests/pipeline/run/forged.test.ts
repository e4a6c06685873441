/** A store that was copied from somewhere, or that something else wrote to: nothing in it is believed. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { privateKeyIn, publicKeysIn } from "../../../src/pipeline/provenance/keys.ts";
import { readLockedResults } from "../../../src/pipeline/share/locked_results.ts";
import type { ActionKey } from "../../../src/pipeline/store/digest.ts";
import { tryLockAction } from "../../../src/pipeline/store/locks.ts";
import { newestLogs } from "../../../src/pipeline/store/logs.ts";
import { openStore } from "../../../src/pipeline/store/store.ts";
import { forge, recordOf } from "../forged.ts";
import { projectWith } from "../one_stage.ts";
import { chain, makeProject, pipeline } from "../synthetic.ts";

Deno.test("names in records and in latest/ lead nowhere but to the pipeline's own views", async () => {
  using project = projectWith("give();");
  project.write({ "artifacts/setup/lib/library.so": "REAL" });
  await pipeline(project);
  forge(project, recordOf(project, "one"), {
    "text.txt": "forged",
    "../../setup/lib/library.so": "EVIL",
    "../../../escaped.txt": "EVIL",
  });
  const key = project.read("artifacts/.store/latest/one");
  for (const name of ["x@..", "setup", "profile", "..x", "one.0190c54c-3ad4-4c5e-9d3f-0123456789ab"]) {
    project.write({ [`artifacts/.store/latest/${name}`]: key });
  }
  project.write({ "artifacts/.store/latest/two": "../../../data.txt", "artifacts/profile/x.md": "mine" });
  assert.deepEqual((await pipeline(project)).ran, ["one"], "its record is none");
  assert.equal(project.read("artifacts/one/text.txt"), "hello\n");
  assert.equal(project.read("artifacts/setup/lib/library.so"), "REAL");
  assert.equal(project.read("artifacts/profile/x.md"), "mine");
  assert.ok(!existsSync(project.path("escaped.txt")));
  const verified = await pipeline(project, "verify");
  assert.equal(verified.code, 0, verified.output);
});

Deno.test("records that are pipes, devices or huge are none, and nothing waits for them", async () => {
  using project = projectWith("give();");
  await pipeline(project);
  const record = project.path(recordOf(project, "one"));
  const harms = [
    () => new Deno.Command("mkfifo", { args: [record] }).outputSync(),
    () => Deno.symlinkSync("/dev/zero", record),
    () => {
      Deno.writeTextFileSync(record, "");
      Deno.truncateSync(record, 700_000_000);
    },
  ];
  for (const harm of harms) {
    Deno.removeSync(record);
    harm();
    assert.equal((await pipeline(project, "audit")).code, 0);
    assert.deepEqual((await pipeline(project)).ran, ["one"]);
  }
});

Deno.test("nothing waits for pipes in the place of other files of the store, of keys and of locks", async () => {
  using project = projectWith("give();");
  const pipeAt = (...path: readonly string[]) => {
    const place = project.path(...path);
    Deno.mkdirSync(dirname(place), { recursive: true });
    new Deno.Command("mkfifo", { args: ["-m", "600", place] }).outputSync();
  };
  const folder = "artifacts/.store";
  ["stat-cache", "runs/x", "latest/one", "views/one"].forEach((path) => pipeAt(folder, path));
  assert.deepEqual((await pipeline(project)).ran, ["one"]);

  const key = project.read(`${folder}/latest/one`).trim() as ActionKey;
  const store = openStore(project.path(folder));
  pipeAt(folder, "logs", `two-${key.slice(0, 8)}.log`);
  assert.deepEqual(newestLogs(store).map(({ name }) => name), ["one"]);
  Deno.removeSync(project.path(folder, "locks", key));
  pipeAt(folder, "locks", key);
  assert.throws(
    () => tryLockAction(store.root, key),
    /a store that .* \(a named pipe is in a lock's place\)/,
  );
  pipeAt("keys/ed25519.pem");
  assert.throws(() => privateKeyIn(project.path("keys")), /ed25519\.pem: found no Ed25519 key/);
  pipeAt("keys/x.pub");
  assert.throws(() => publicKeysIn(project.path("keys")), /x\.pub: found no Ed25519 key/);
  pipeAt("pipeline.lock/one.txt");
  assert.throws(
    () => readLockedResults(project.path("pipeline.lock")),
    /one\.txt: found a named pipe, expected a stage's lock/,
  );
});

Deno.test("a result whose signature doesn't hold is refused, and nothing is made or signed on top of it", async () => {
  using project = makeProject(chain);
  await pipeline(project, "key");
  await pipeline(project);
  forge(project, recordOf(project, "first@long"), { "text.txt": "forged" });
  const refusal =
    "error: found a signature of first@long that doesn't hold: its record isn't the one that was " +
    "signed, expected a signature of the result that is there\n" +
    "  Make it again: deno task pipeline run first@long --force\n";
  for (const args of [[], ["status"], ["plan"], ["why", "all"], ["lock"]]) {
    const { code, errors } = await pipeline(project, ...args);
    assert.deepEqual([code, errors], [2, refusal], args.join(" "));
  }
  assert.doesNotMatch(project.read("artifacts/second/long/text.txt"), /forged/);
  assert.deepEqual((await pipeline(project, "run", "first@long", "--force")).ran, ["first@long"]);
  assert.deepEqual((await pipeline(project)).ran, []);
  assert.match((await pipeline(project, "verify")).output, /signatures: 5 valid/);
});

Deno.test("empty folders and odd names are outputs like others", async () => {
  using project = makeProject({
    ...chain,
    "stages/odd.ts": `
import { z } from "zod";
import { join } from "node:path";
import { defineStage } from "calibrant/pipeline/stage.ts";

export default defineStage({
  description: "Finds no errors.",
  parameters: z.strictObject({}),
  inputs: {},
  outputs: { errors: "a folder, empty where all went well", files: "oddly named" },
  run({ output }) {
    Deno.mkdirSync(join(output, "errors"));
    Deno.mkdirSync(join(output, "files/none"), { recursive: true });
    for (const name of ["__proto__", "10", "9", "constructor", "a\\nb"]) {
      Deno.writeTextFileSync(join(output, "files", name), name);
    }
  },
});
`,
    "stages/list.ts": `
import { z } from "zod";
import { join } from "node:path";
import { defineStage } from "calibrant/pipeline/stage.ts";

export default defineStage({
  description: "Lists a folder.",
  parameters: z.strictObject({}),
  inputs: { folder: { description: "a folder" } },
  outputs: { "text.txt": "the names in it" },
  run({ input, output }) {
    const names = [...Deno.readDirSync(input("folder"))].map(({ name }) => name).sort();
    Deno.writeTextFileSync(join(output, "text.txt"), JSON.stringify(names));
  },
});
`,
    "pipeline.yaml": `
stages:
  odd: { run: stages/odd.ts }
  errors: { run: stages/list.ts, needs: { folder: "odd:errors" } }
  files: { run: stages/list.ts, needs: { folder: "odd:files" } }
  both: { run: stages/list.ts, needs: { folder: odd } }
`,
  });
  const { code, errors } = await pipeline(project);
  assert.equal(code, 0, errors);
  assert.equal(project.read("artifacts/errors/text.txt"), "[]");
  assert.equal(
    project.read("artifacts/files/text.txt"),
    '["10","9","__proto__","a\\nb","constructor","none"]',
  );
  assert.equal(project.read("artifacts/both/text.txt"), '["errors","files"]');
  assert.ok(existsSync(project.path("artifacts/odd/errors")));
  assert.deepEqual((await pipeline(project)).ran, []);
  assert.equal((await pipeline(project, "verify")).code, 0);
  assert.equal((await pipeline(project, "reproduce", "odd")).code, 0);
});
