/** Clones of a project that share results by nginx, which speaks Bazel's HTTP protocol. */

import assert from "node:assert/strict";
import { cpSync, existsSync } from "node:fs";
import { readEntry, writeEntry } from "../../../src/pipeline/remote/action_result.ts";
import { digestOf } from "../../../src/pipeline/store/digest.ts";
import { isInstalled, type Service, startService } from "../../services/service.ts";
import { forge, recordOf } from "../forged.ts";
import { filesBelow } from "../one_stage.ts";
import { chain, makeProject, pipeline, type Project, until } from "../synthetic.ts";
import {
  all,
  assertSameRecords,
  type CacheConfiguration,
  configure,
  pipelineWith,
  startWith,
} from "./clones.ts";

const ignore = !isInstalled("nginx");

const urlOf = ({ env }: Service) => env["BAZEL_CACHE_URL"] ?? "";

/** A clone whose user has this cache, to read and to write. */
function clone(
  cache: Service,
  more: Partial<CacheConfiguration> = {},
  files: Readonly<Record<string, string>> = chain,
): Project {
  const project = makeProject(files);
  configure(project, { url: urlOf(cache), mode: "read-write", ...more });
  return project;
}

/** The requests that the server has had since the last look. */
function requests(cache: Service): readonly string[] {
  const log = `${cache.folder}/log/access.log`;
  const lines = Deno.readTextFileSync(log).trim().split("\n").map((line) =>
    line.split(" ").slice(1, 4).join(" ")
  );
  Deno.truncateSync(log);
  return lines.filter((line) => line !== "");
}

const text = (project: Project) => project.read("artifacts/all/all.txt");

Deno.test(
  "what one clone makes, an empty one takes: the same bytes, and nothing runs",
  { ignore },
  async () => {
    using cache = startService("bazel-cache");
    using theirs = clone(cache);
    using mine = clone(cache, { mode: "read" });
    const made = await pipeline(theirs);
    assert.deepEqual([made.ran, made.errors], [all, ""]);
    const { code, output, errors, ran } = await pipeline(mine);
    assert.deepEqual([code, errors, ran], [0, "", []], output);
    assert.match(output, /^✓ first@short +from the remote cache {2}\d+ B\n/m);
    assert.match(output, /^✓ all 5 stages up to date/m);
    assert.equal(text(mine), text(theirs));
    assertSameRecords(mine, theirs);
    assert.equal((await pipeline(mine, "verify")).code, 0);
    assert.deepEqual(filesBelow(mine.path("artifacts/.store/staging")), []);
    requests(cache);
    assert.deepEqual((await pipeline(mine)).ran, []);
    assert.deepEqual(requests(cache), [], "what is here isn't asked for");
  },
);

Deno.test(
  "run --json tells what came from the cache, and its troubles on standard error",
  { ignore },
  async () => {
    using cache = startService("bazel-cache");
    using theirs = clone(cache);
    using mine = clone(cache);
    await pipeline(theirs);
    const { instances } = JSON.parse((await pipeline(mine, "run", "--json")).output);
    for (const { state, fetched } of instances) assert.ok(state === "cached" && fetched >= 0);
    cache.call("set", "get=500");
    Deno.removeSync(mine.path("artifacts"), { recursive: true });
    const { output, errors } = await pipeline(mine, "run", "--json");
    assert.equal(JSON.parse(output).outcome, "done");
    assert.match(
      errors,
      /^the remote cache at 127\.0\.0\.1:\d+ doesn't serve \(it answers 500\): the run does without it\n$/,
    );
  },
);

Deno.test("push and pull do by hand what runs do", { ignore }, async () => {
  using cache = startService("bazel-cache");
  using theirs = makeProject(chain);
  await pipeline(theirs);
  await pipeline(theirs, "lock");
  const pushed = await pipeline(theirs, "push", urlOf(cache));
  assert.match(
    pushed.output,
    /^✓ 5 results in the remote cache at \S+ \(\d+ files, .*B sent\)\n$/,
    pushed.errors,
  );
  const again = await pipeline(theirs, "push", urlOf(cache));
  assert.match(again.output, /^✓ 5 results in .* \(0 files, 0 B sent\)\n$/);
  using mine = clone(cache, { mode: "read" });
  cpSync(theirs.path("pipeline.lock"), mine.path("pipeline.lock"), { recursive: true });
  const pulled = await pipeline(mine, "pull");
  assert.match(
    pulled.output,
    /^✓ all {2}pulled\n[^]*✓ 5 pulled \(\d+ files, .*\), 0 already here\n$/,
    pulled.errors,
  );
  assert.equal(text(mine), text(theirs));
  assert.match((await pipeline(mine, "verify")).output, /✓ everything is as locked/);
  assert.match((await pipeline(mine, "pull")).output, /^✓ 0 pulled \(0 files, 0 B\), 5 already here\n$/);
  assert.deepEqual((await pipeline(mine)).ran, []);
  assert.ok(!requests(cache).some((line) => / \/(ac|cas)\/?( |\?)/.test(line)), "nothing is listed");
});

Deno.test("a pull takes what the cache has, and names the rest", { ignore }, async () => {
  using cache = startService("bazel-cache");
  using theirs = clone(cache);
  await pipeline(theirs);
  await pipeline(theirs, "lock");
  const key = theirs.read("artifacts/.store/latest/second@long").trim();
  Deno.removeSync(`${cache.folder}/data/ac/${key}`);
  using mine = clone(cache, { mode: "read" });
  cpSync(theirs.path("pipeline.lock"), mine.path("pipeline.lock"), { recursive: true });
  const { code, output } = await pipeline(mine, "pull");
  assert.equal(code, 1);
  assert.match(
    output,
    /\n✗ second@long {2}not taken: the cache hasn't got it\n■ 4 pulled .* 0 already here, 1 not taken;/,
  );
  assert.deepEqual((await pipeline(mine)).ran, ["second@long"]);
});

Deno.test("a cache that is emptied is filled again", { ignore }, async () => {
  using cache = startService("bazel-cache");
  using theirs = clone(cache);
  using mine = clone(cache);
  using third = clone(cache);
  await pipeline(theirs);
  filesBelow(`${cache.folder}/data`).forEach((path) => Deno.removeSync(path));
  const { ran, errors } = await pipeline(mine);
  assert.deepEqual([ran, errors], [all, ""]);
  assert.deepEqual((await pipeline(third)).ran, []);
  assert.equal(text(third), text(theirs));
});

Deno.test("in the mode `read` nothing is put", { ignore }, async () => {
  using cache = startService("bazel-cache");
  using mine = clone(cache, { mode: "read" });
  assert.deepEqual((await pipeline(mine)).ran, all);
  const asked = requests(cache);
  assert.equal(asked.length, 5);
  for (const line of asked) assert.match(line, /^GET \/ac\/[0-9a-f]{64} 404$/);
});

Deno.test(
  "what was forced, or is never cached, isn't taken; what was forced is put",
  { ignore },
  async () => {
    using cache = startService("bazel-cache");
    using theirs = clone(cache);
    await pipeline(theirs);
    requests(cache);
    assert.deepEqual((await pipeline(theirs, "run", "first@long", "--force")).ran, ["first@long"]);
    assert.ok(requests(cache).every((line) => !line.startsWith("GET")));
    const file = chain["pipeline.yaml"].replace("  all:", "  all:\n    cache: false");
    using mine = clone(cache, {}, { ...chain, "pipeline.yaml": file });
    assert.deepEqual((await pipeline(mine)).ran, ["all"]);
  },
);

/** What one of the cache's files is replaced by, and what is told of it. */
const poisons: readonly (readonly [string, (cache: Service, theirs: Project) => void, RegExp])[] = [
  ["an entry of garbage", (cache, theirs) => {
    Deno.writeTextFileSync(entryOf(cache, theirs), "<html>no such page</html>");
  }, /its entry isn't one that names a record/],
  ["an entry without a byte", (cache, theirs) => {
    Deno.writeTextFileSync(entryOf(cache, theirs), "");
  }, /its entry isn't one that names a record/],
  ["half an entry", (cache, theirs) => {
    Deno.truncateSync(entryOf(cache, theirs), 100);
  }, /its entry isn't one that names a record/],
  ["another action's result", (cache, theirs) => {
    Deno.copyFileSync(entryOf(cache, theirs, "all"), entryOf(cache, theirs));
  }, /found the record of action [0-9a-f]{64}, expected that of [0-9a-f]{64}/],
  ["another file of the same size", (cache, theirs) => {
    Deno.writeTextFileSync(outputOf(cache, theirs), "eno two");
  }, /the file [0-9a-f]{64} has sha256 [0-9a-f]{64}/],
  ["half a file", (cache, theirs) => {
    Deno.truncateSync(outputOf(cache, theirs), 3);
  }, /the file [0-9a-f]{64} has sha256 [0-9a-f]{64}/],
  ["a file that goes on", (cache, theirs) => {
    Deno.writeTextFileSync(outputOf(cache, theirs), "one two".repeat(1000));
  }, /more than the 7 bytes that it is to have/],
  ["no file", (cache, theirs) => {
    Deno.removeSync(outputOf(cache, theirs));
  }, /the file [0-9a-f]{64} isn't there any more/],
  ["a record that lacks an output", (cache, theirs) => {
    const path = recordOf(theirs, "second@long");
    const honest = theirs.read(path);
    forge(theirs, path, { "other.txt": "one two" });
    putForged(cache, theirs, "second@long");
    theirs.write({ [path]: honest });
  }, /its record hasn't the outputs that the stage declares/],
];

function entryOf({ folder }: Service, project: Project, instance = "second@long"): string {
  return `${folder}/data/ac/${project.read(`artifacts/.store/latest/${instance}`).trim()}`;
}

function outputOf({ folder }: Service, project: Project): string {
  const { files } = JSON.parse(project.read(recordOf(project, "second@long")));
  return `${folder}/data/cas/${files["text.txt"].digest}`;
}

/** Makes a clone forget an instance's result, with its files. */
function forget(project: Project, instance: string): void {
  const record = recordOf(project, instance);
  const files: Record<string, { digest: string }> = JSON.parse(project.read(record)).files;
  for (const { digest } of Object.values(files)) {
    Deno.removeSync(project.path(`artifacts/.store/blobs/${digest.slice(0, 2)}/${digest}`));
  }
  Deno.removeSync(project.path(record));
}

Deno.test("poison is told once, the result made here, and the cache put right", { ignore }, async () => {
  using cache = startService("bazel-cache");
  const files = { ...chain, "pipeline.yaml": chain["pipeline.yaml"].replaceAll("[short, long]", "[long]") };
  using theirs = clone(cache, {}, files);
  await pipeline(theirs);
  using mine = clone(cache, {}, files);
  await pipeline(mine);
  for (const [what, poison, message] of poisons) {
    forget(mine, "second@long");
    poison(cache, theirs);
    const { code, output, errors, ran } = await pipeline(mine);
    assert.deepEqual([code, errors, ran], [0, "", ["second@long"]], `${what}: ${output}`);
    const told = output.split("\n").filter((line) => line.includes("the remote cache at"));
    assert.equal(told.length, 1, output);
    assert.match(told[0] ?? "", message);
    assert.equal(text(mine), text(theirs));
    assert.equal(Deno.readTextFileSync(outputOf(cache, theirs)), "one two", what);
  }
  using third = clone(cache, {}, files);
  const healed = await pipeline(third);
  assert.deepEqual([healed.ran, text(third)], [[], text(theirs)]);
});

Deno.test("a forged record is refused, and so are names that lead out of a folder", { ignore }, async () => {
  using theirs = makeProject(chain);
  await pipeline(theirs);
  await pipeline(theirs, "lock");
  const path = recordOf(theirs, "second@long");
  const honest = theirs.read(path);
  const forgeries: readonly (readonly [() => void, RegExp])[] = [
    [() => forge(theirs, path, { "text.txt": "forged" }), /it made [0-9a-f]{64}, not [0-9a-f]{64}/],
    [
      () => forge(theirs, path, { "text.txt": "forged" }, { tree: JSON.parse(honest).tree }),
      /for its outputs/,
    ],
    [
      () => forge(theirs, path, { "../../../data.txt": "forged" }),
      /found an output \.\.\/\.\.\/\.\.\/data\.txt/,
    ],
    [
      () => forge(theirs, path, {}, { preImage: { ...JSON.parse(honest).preImage, threads: 2 } }),
      /for its action key/,
    ],
  ];
  using cache = startService("bazel-cache");
  assert.equal((await pipeline(theirs, "push", urlOf(cache))).code, 0);
  using mine = clone(cache);
  cpSync(theirs.path("pipeline.lock"), mine.path("pipeline.lock"), { recursive: true });
  assert.equal((await pipeline(mine, "pull")).code, 0);
  for (const [forgery, message] of forgeries) {
    theirs.write({ [path]: honest });
    forgery();
    putForged(cache, theirs, "second@long");
    mine.write({ [path]: "" });
    const { code, output } = await pipeline(mine, "pull");
    assert.equal(code, 1, output);
    assert.match(output, new RegExp(`✗ second@long {2}not taken: .*${message.source}`));
    assert.equal(mine.read("data.txt"), chain["data.txt"]);
  }
  theirs.write({ [path]: honest });
  await pipeline(mine);
  assert.equal(text(mine), text(theirs));
});

/** Puts a forged record into the cache as an adversary would: with an entry that names it and its files. */
function putForged(cache: Service, project: Project, instance: string): void {
  const text = project.read(recordOf(project, instance));
  const put = (bytes: Uint8Array | string) => {
    const digest = digestOf(bytes);
    const content = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
    Deno.writeFileSync(`${cache.folder}/data/cas/${digest}`, content);
    return { digest, size: content.length };
  };
  for (const blob of filesBelow(project.path("artifacts/.store/blobs"))) put(Deno.readFileSync(blob));
  const path = entryOf(cache, project, instance);
  Deno.writeFileSync(
    path,
    writeEntry(new Map(readEntry(Deno.readFileSync(path))).set("record.json", put(text))),
  );
}

Deno.test("with `require: signed` only what a trusted key signed is taken", { ignore }, async () => {
  using cache = startService("bazel-cache");
  using theirs = clone(cache);
  await pipeline(theirs);
  using mine = clone(cache, { mode: "read", require: "signed" });
  const unsigned = await pipeline(mine);
  assert.deepEqual([unsigned.code, unsigned.ran], [0, all]);
  assert.equal(unsigned.output.match(/isn't signed, and only what a trusted key/g)?.length, 5);
  const { publicFile } = JSON.parse((await pipeline(theirs, "key", "--json")).output);
  await pipeline(theirs, "run", "--force");
  using unknown = clone(cache, { mode: "read", require: "signed" });
  const other = await pipeline(unknown);
  assert.deepEqual([other.code, other.ran], [0, all]);
  assert.match(other.output, /signed with another key/);
  using trusting = clone(cache, { mode: "read", require: "signed" });
  cpSync(publicFile, trusting.path("config/calibrant/theirs.pub"));
  const signed = await pipeline(trusting);
  assert.deepEqual([signed.code, signed.ran], [0, []], signed.output);
  assert.match((await pipeline(trusting, "verify")).output, /signatures: 5 valid/);
});

Deno.test(
  "credentials open the cache, wrong ones don't, and neither is shown or kept",
  { ignore },
  async () => {
    using cache = startService("bazel-cache", "auth=me:sehr-geheim");
    const address = (password: string) => urlOf(cache).replace("://", `://me:${password}@`);
    using theirs = clone(cache, { url: address("sehr-geheim") });
    using wrong = clone(cache, { url: address("ganz-geheim") });
    using mine = clone(cache, { url: address("sehr-geheim") });
    assert.deepEqual((await pipeline(theirs)).ran, all);
    const refused = await pipeline(wrong);
    assert.deepEqual([refused.code, refused.ran], [0, all]);
    assert.equal(
      refused.output.match(/doesn't\s+serve \(it answers 401\): the run does without it/g)?.length,
      1,
    );
    assert.deepEqual((await pipeline(mine)).ran, []);
    await pipeline(wrong, "lock");
    const pushed = await pipeline(wrong, "push");
    assert.equal(pushed.code, 2);
    assert.match(
      pushed.errors,
      /^error: found the remote cache at \S+ doesn't serve \(it answers 401\), expected/,
    );
    for (const project of [theirs, wrong, mine]) {
      for (const path of filesBelow(project.path("artifacts"))) {
        assert.doesNotMatch(Deno.readTextFileSync(path), /geheim/, path);
      }
    }
    assert.doesNotMatch([refused, pushed].map(({ output, errors }) => output + errors).join(), /geheim/);
  },
);

Deno.test("a cache that is down, full or read-only costs a line, and no result", { ignore }, async () => {
  using cache = startService("bazel-cache");
  using mine = clone(cache, { mode: "read" });
  await pipeline(mine);
  configure(mine, { url: urlOf(cache), mode: "read-write" });
  const runsAll = async () => {
    forget(mine, "all");
    const { code, ran, output } = await pipeline(mine);
    assert.deepEqual([code, ran], [0, ["all"]], output);
    assert.equal(output.match(/the remote cache at/g)?.length, 1, output);
    return output;
  };
  cache.call("set", "put=507");
  assert.match(await runsAll(), /it answers 507\): the results of this run aren't put there/);
  cache.call("set", "read-only=yes");
  assert.match(await runsAll(), /it answers 403\): the results of this run aren't put there/);
  cache.call("set", "max-body=1");
  assert.match(await runsAll(), /hasn't got all: it takes no file of \d+ bytes/);
  cache.call("set", "get=444");
  assert.match(await runsAll(), /: the run does without it/);
  cache.call("down");
  assert.match(await runsAll(), /: the run does without it/);
  await pipeline(mine, "lock");
  assert.equal((await pipeline(mine, "push")).code, 2);
});

/** A stage that makes enough for a slow server to be interrupted in the middle. */
const large = {
  "stages/large.ts": `
import { z } from "zod";
import { join } from "node:path";
import { defineStage } from "calibrant/pipeline/stage.ts";

export default defineStage({
  description: "Makes a few large files.",
  parameters: z.strictObject({ name: z.string() }),
  inputs: {},
  outputs: { "large.txt": "a text" },
  run: ({ parameters, output }) => Deno.writeTextFile(join(output, "large.txt"), (parameters.name + "\\n").repeat(200_000)),
});
`,
  "pipeline.yaml":
    'stages:\n  large:\n    run: stages/large.ts\n    matrix: { name: [ab, cd, ef] }\n    params: { name: "${matrix.name}" }\n',
};

Deno.test({
  name: "a pull that is killed in the middle leaves nothing broken, and the next one ends it",
  ignore,
}, async () => {
  using cache = startService("bazel-cache");
  using theirs = clone(cache, {}, large);
  await pipeline(theirs);
  await pipeline(theirs, "lock");
  using mine = clone(cache, {}, large);
  cpSync(theirs.path("pipeline.lock"), mine.path("pipeline.lock"), { recursive: true });
  cache.call("set", "rate=100k");
  const pulling = startWith(mine, {}, "pull");
  const staging = mine.path("artifacts/.store/staging");
  await until(() => filesBelow(staging).some((path) => Deno.statSync(path).size > 10_000));
  pulling.kill("SIGINT");
  const { code } = await pulling.output();
  assert.equal(code, 130);
  assert.deepEqual(filesBelow(staging), []);
  assert.ok(!existsSync(mine.path("artifacts/large")));
  cache.call("set");
  assert.match((await pipeline(mine, "pull")).output, /✓ 3 pulled/);
  assert.equal((await pipeline(mine, "verify")).code, 0);
});

Deno.test("a cache that goes away in the middle of a run is done without", { ignore }, async () => {
  using cache = startService("bazel-cache", "rate=100k");
  using theirs = clone(cache, {}, large);
  await pipeline(theirs);
  using mine = clone(cache, {}, large);
  const running = startWith(mine, {});
  const staging = mine.path("artifacts/.store/staging");
  await until(() => filesBelow(staging).some((path) => Deno.statSync(path).size > 10_000));
  cache.call("down");
  const { code, stdout } = await running.output();
  const output = new TextDecoder().decode(stdout);
  assert.equal(code, 0, output);
  assert.equal(output.match(/the remote cache at/g)?.length, 1, output);
  assert.equal(mine.read("artifacts/large/ab/large.txt"), theirs.read("artifacts/large/ab/large.txt"));
});

Deno.test(
  "the environment says where the cache is, and empty it says that there is none",
  { ignore },
  async () => {
    using cache = startService("bazel-cache");
    using theirs = makeProject(chain);
    const env = { CALIBRANT_CACHE_URL: urlOf(cache), CALIBRANT_CACHE_MODE: "read-write" };
    assert.deepEqual((await pipelineWith(theirs, env)).ran, all);
    using mine = clone(cache);
    requests(cache);
    assert.deepEqual((await pipelineWith(mine, { CALIBRANT_CACHE_URL: "" })).ran, all);
    assert.deepEqual(requests(cache), []);
    const wrong = await pipelineWith(mine, { ...env, CALIBRANT_CACHE_MODE: "write" });
    assert.deepEqual([wrong.code, wrong.errors], [
      2,
      'error: found "write" in CALIBRANT_CACHE_MODE, expected read or read-write\n',
    ]);
    const secret = { ...env, CALIBRANT_CACHE_TOKEN: "geheim" };
    await new Promise((resolve) => setTimeout(resolve, 2100)); // until the files' times show every later change
    for (const _ of ["asks Deno what the stages import", "notes what it looked at"]) {
      assert.match((await pipelineWith(theirs, secret)).output, /^✓ all 5 stages up to date/);
    }
    assert.doesNotMatch(theirs.read("artifacts/.store/up-to-date"), /geheim/);
    const odd = await pipelineWith(mine, { CALIBRANT_CACHE_URL: "ftp://me:geheim@cache.example" });
    assert.equal(odd.code, 2);
    assert.doesNotMatch(odd.errors, /geheim/);
  },
);
