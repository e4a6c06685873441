/** Clones of a project that share results by a bucket of S3, which versitygw serves. */

import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { isInstalled, type Service, startService } from "../../services/service.ts";
import { recordOf } from "../forged.ts";
import { filesBelow } from "../one_stage.ts";
import { chain, makeProject, type Project } from "../synthetic.ts";
import { all, assertSameRecords, configure, pipelineWith } from "./clones.ts";

const ignore = !isInstalled("versitygw");
const prefix = "team a+b/calibrant";

const url = ({ env }: Service) => `s3://${env["S3_BUCKET"]}/${encodeURI(prefix)}`;

function clone(cache: Service, files: Readonly<Record<string, string>> = chain): Project {
  const project = makeProject(files);
  configure(project, { url: url(cache), mode: "read-write" });
  return project;
}

Deno.test(
  "by S3, an empty clone takes what another has made, and what it has pushed",
  { ignore },
  async () => {
    using cache = startService("s3");
    using theirs = clone(cache);
    using mine = clone(cache);
    const made = await pipelineWith(theirs, cache.env);
    assert.deepEqual([made.ran, made.errors], [all, ""], made.output);
    const taken = await pipelineWith(mine, cache.env);
    assert.deepEqual([taken.ran, taken.errors], [[], ""], taken.output);
    assertSameRecords(mine, theirs);
    const objects = filesBelow(`${cache.folder}/data/${cache.env["S3_BUCKET"]}`);
    const start = `${cache.folder}/data/${cache.env["S3_BUCKET"]}/${prefix}/`;
    for (const path of objects) {
      assert.ok(path.startsWith(start), path);
      assert.match(path.slice(start.length), /^(ac|cas)\/[0-9a-f]{64}$/);
    }

    objects.forEach((path) => Deno.removeSync(path));
    await pipelineWith(theirs, cache.env, "lock");
    const pushed = await pipelineWith(theirs, cache.env, "push");
    assert.match(
      pushed.output,
      /^✓ 5 results in the remote cache s3:\/\/test \(\d+ files, .*B sent\)\n$/,
      pushed.errors,
    );
    using third = clone(cache);
    cpSync(theirs.path("pipeline.lock"), third.path("pipeline.lock"), { recursive: true });
    const pulled = await pipelineWith(third, cache.env, "pull", url(cache));
    assert.match(pulled.output, /✓ 5 pulled /, pulled.errors);
    assert.equal(third.read("artifacts/all/all.txt"), theirs.read("artifacts/all/all.txt"));
  },
);

Deno.test({
  name: "S3 refuses wrong credentials by name; the run does without, and no secret is shown",
  ignore,
}, async () => {
  using cache = startService("s3");
  for (
    const [env, code] of [
      [{ AWS_SECRET_ACCESS_KEY: "geheim" }, "SignatureDoesNotMatch"],
      [{ AWS_ACCESS_KEY_ID: "unknown-geheim" }, "InvalidAccessKeyId"],
    ] as const
  ) {
    using mine = clone(cache);
    const { code: exit, ran, output, errors } = await pipelineWith(mine, { ...cache.env, ...env });
    assert.deepEqual([exit, ran], [0, all]);
    assert.match(
      output,
      new RegExp(`\\(it answers 403 ${code}\\): the run does without it`),
    );
    assert.equal(output.match(/the remote cache/g)?.length, 1, output);
    assert.doesNotMatch(output + errors, /geheim/);
  }
});

Deno.test("a bucket that can only be read serves, and takes nothing", { ignore }, async () => {
  using cache = startService("s3");
  using theirs = clone(cache);
  await pipelineWith(theirs, cache.env);
  cache.call("down");
  cache.call("up", "read-only=yes");
  using mine = clone(cache, { ...chain, "data.txt": "six seven eight\n" });
  const { code, ran, output } = await pipelineWith(mine, cache.env);
  assert.deepEqual([code, ran], [0, all]);
  assert.match(output, /the results of this run aren't put there/);
  using reading = clone(cache);
  assert.deepEqual((await pipelineWith(reading, cache.env)).ran, []);
});

Deno.test("a changed object is refused, made here, and put right", { ignore }, async () => {
  using cache = startService("s3");
  using theirs = clone(cache);
  await pipelineWith(theirs, cache.env);
  const { files } = JSON.parse(theirs.read(recordOf(theirs, "all")));
  const object = `${cache.folder}/data/${cache.env["S3_BUCKET"]}/${prefix}/cas/${files["all.txt"].digest}`;
  Deno.writeTextFileSync(object, Deno.readTextFileSync(object).toUpperCase());
  using mine = clone(cache);
  const { ran, output } = await pipelineWith(mine, cache.env);
  assert.deepEqual(ran, ["all"]);
  assert.match(output, /has something for all that isn't taken/);
  using third = clone(cache);
  assert.deepEqual((await pipelineWith(third, cache.env)).ran, []);
});
