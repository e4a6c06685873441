import assert from "node:assert/strict";
import { commitOf, listRepository } from "../../src/hub/listing.ts";
import { repositoryAt } from "../../src/hub/repository.ts";
import { commit, error, hubServer, large, sha256Of, text } from "./server.ts";
import { hubAt, messageOf } from "./test_hub.ts";

const weights = new Uint8Array(1000).fill(7);
const repositories = {
  "models/tiny/bert": {
    "config.json": text("{}\n"),
    "model.safetensors": large(weights),
    "sub/a.txt": text(""),
  },
  "datasets/owner/pairs": { "mrpc/train.parquet": large(weights), "rte/train.parquet": large(weights) },
  "models/evil": { "../outside": text("x") },
};
const bert = repositoryAt("model:tiny/bert", commit);

Deno.test("all files are listed, over pages, with git's digest of small ones and SHA-256 of large ones", async () => {
  await using server = hubServer(repositories, 2);
  // The digests are those that `printf '{}\n' | git hash-object --stdin` and `git hash-object /dev/null` print.
  assert.deepEqual(await listRepository(hubAt(server), bert, undefined), [
    {
      path: "config.json",
      bytes: 3,
      digest: { algorithm: "git", hex: "0967ef424bce6791893e9a57bb952f80fd536e93" },
    },
    { path: "model.safetensors", bytes: 1000, digest: { algorithm: "sha256", hex: sha256Of(weights) } },
    {
      path: "sub/a.txt",
      bytes: 0,
      digest: { algorithm: "git", hex: "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391" },
    },
  ]);
});

Deno.test("a folder of a data set is listed alone, and one that isn't there is named", async () => {
  await using server = hubServer(repositories);
  const pairs = repositoryAt("dataset:owner/pairs", commit);
  const listed = await listRepository(hubAt(server), pairs, "mrpc");
  assert.deepEqual(listed.map(({ path }) => path), ["mrpc/train.parquet"]);
  assert.equal(
    await messageOf(listRepository(hubAt(server), pairs, "mprc"), server),
    "found no files in the folder mprc of the data set owner/pairs, expected one that is in the repository",
  );
});

Deno.test("a branch is looked up, of models and of data sets", async () => {
  await using server = hubServer(repositories);
  assert.equal(await commitOf(hubAt(server), { ...bert, revision: "main" }), commit);
  assert.equal(await commitOf(hubAt(server), repositoryAt("dataset:owner/pairs", "main")), commit);
});

Deno.test("a file whose path leads out of the folder is refused", async () => {
  await using server = hubServer(repositories);
  assert.equal(
    await messageOf(listRepository(hubAt(server), repositoryAt("model:evil", commit), undefined), server),
    'found the file "../outside" in the model evil, expected paths that lead to no other place than the output\n' +
      "  Don't use this repository.",
  );
  for (const path of ["/etc/passwd", "a/../../b", "a//b", "c:\\x", "a\nb", "."]) {
    const entry = { type: "file", path, size: 0, oid: commit };
    server.breakNext(`/tree/${commit}`, () => Response.json([entry]));
    const message = await messageOf(listRepository(hubAt(server), bert, undefined), server);
    assert.match(message, /^found the file .* in the model tiny\/bert, expected paths that lead to no other/);
  }
});

Deno.test("each refusal of the hub is told with what to do", async () => {
  await using server = hubServer(repositories);
  const told = (name: string, revision = commit, token?: string) =>
    messageOf(listRepository(hubAt(server, { token }), repositoryAt(name, revision), undefined), server);
  const advice =
    "A private one needs a token: set HF_TOKEN, and let the stage have it by `env: [HF_TOKEN]` in the " +
    "pipeline file.";

  assert.equal(
    await told("model:tiny/brt"),
    "found nothing to read under the name of the model tiny/brt (the hub answers 401), expected a repository that " +
      `everybody may read\n  Look whether HUB/tiny/brt is there. ${advice}`,
  );
  assert.match(
    await told("model:tiny/brt", commit, "hf_x"),
    /expected a repository that the token in HF_TOKEN may/,
  );
  assert.equal(
    await told("model:tiny/bert", "f".repeat(40)),
    `found no revision ${
      "f".repeat(40)
    } of the model tiny/bert, expected the full hash of one of its commits\n` +
      "  They are listed at HUB/tiny/bert/commits/main.",
  );
  server.breakNext(`/tree/${commit}`, () => error(403, "GatedRepo"));
  assert.equal(
    await told("model:tiny/bert", commit, "hf_x"),
    "found no permission to read the model tiny/bert (the hub answers 403), expected the token, in HF_TOKEN, of an " +
      `account that has it\n  Accept its terms at HUB/tiny/bert. ${advice}`,
  );
  server.breakNext(`/tree/${commit}`, () => new Response("no such page", { status: 404 }));
  assert.match(await told("model:tiny/bert"), /nothing to read under the name of .* \(the hub answers 404\)/);
  server.breakNext(`/tree/${commit}`, () => new Response(null, { status: 418 }));
  assert.equal(
    await told("model:tiny/bert"),
    "found the answer 418 from HUB when asked for files of the model tiny/bert, expected no error",
  );
});

Deno.test("a page of the network's own, and a list of something else, are told as such", async () => {
  await using server = hubServer(repositories);
  server.breakNext(`/tree/${commit}`, () => new Response("<html>Log in to the hotel's network</html>"));
  assert.match(
    await messageOf(listRepository(hubAt(server), bert, undefined), server),
    /^found an answer from HUB for files of the model tiny\/bert that isn't JSON, expected the hub's\n {2}Look whether/,
  );
  server.breakNext(`/tree/${commit}`, () => Response.json([{ type: "file", path: "a" }]));
  assert.match(
    await messageOf(listRepository(hubAt(server), bert, undefined), server),
    /^found a list of the files of the model tiny\/bert that isn't understood \(.*number/,
  );
});
