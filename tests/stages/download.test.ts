/** The stage as the engine runs it, in its sandbox, against a server that speaks the hub's protocol. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import stage from "../../stages/download.ts";
import { withFiles } from "../data/files.ts";
import { commit, error, hubServer, large, sha256Of, text } from "../hub/server.ts";
import { messageOf } from "../hub/test_hub.ts";
import { filesBelow, logged } from "../pipeline/one_stage.ts";
import { ended, makeProject, pipeline, type Project, start, until } from "../pipeline/synthetic.ts";
import { environment } from "../runtime/setup/tools.ts";
import { runStage } from "./run_stage.ts";

const weights = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 2654435761) >>> 13);
const repositories = {
  "models/tiny/bert": {
    "config.json": text("{}\n"),
    "model.safetensors": large(weights),
    "pytorch_model.bin": large(weights),
    "vocab.txt": text("[PAD]\n"),
  },
  "datasets/owner/pairs": { "mrpc/train.parquet": large(weights), "rte/train.parquet": large(weights) },
};

/** A project that downloads, and has a stage that reads what was downloaded. */
function projectThatDownloads(params: string): Project {
  const module = fileURLToPath(new URL("../../stages/download.ts", import.meta.url));
  return makeProject({
    "stages/download.ts": `export { default } from ${JSON.stringify(module)};\n`,
    "stages/list.ts": `
import { z } from "zod";
import { join } from "node:path";
import { defineStage } from "calibrant/pipeline/stage.ts";

export default defineStage({
  description: "Lists a folder.",
  parameters: z.strictObject({}),
  inputs: { folder: { description: "a folder" } },
  outputs: { "names.txt": "its names" },
  async run({ input, output }) {
    const names = [...Deno.readDirSync(input("folder"))].map(({ name }) => name).sort();
    await Deno.writeTextFile(join(output, "names.txt"), names.join(" "));
  },
});
`,
    "pipeline.yaml": `
stages:
  bring:
    run: stages/download.ts
    network: true
    env: [HF_TOKEN, HF_ENDPOINT]
    params: { ${params}, revision: "${commit}" }
  use:
    run: stages/list.ts
    needs: { folder: "bring:files" }
`,
  });
}

Deno.test("a model comes into the store, another stage uses it, and no trace of the token is left", async () => {
  await using server = hubServer(repositories);
  using _variables = environment({ HF_ENDPOINT: server.address, HF_TOKEN: "hf_verysecret" });
  using project = projectThatDownloads("repository: model:tiny/bert");
  const { code, output, errors } = await pipeline(project);
  assert.equal(code, 0, output + errors);
  assert.match(output, /✓ bring +done in \S+ s +3 files of the model tiny\/bert, 0 MB, at 0123456789ab\n/);
  assert.equal(project.read("artifacts/use/names.txt"), "config.json model.safetensors vocab.txt");
  assert.deepEqual(Deno.readFileSync(project.path("artifacts/bring/files/model.safetensors")), weights);
  const { files, ...repository } = JSON.parse(project.read("artifacts/bring/files.json"));
  assert.deepEqual(repository, { repository: "model:tiny/bert", revision: commit });
  assert.deepEqual(files[1], { path: "model.safetensors", bytes: 200_000, sha256: sha256Of(weights) });

  assert.equal(server.seen[0].authorization, "Bearer hf_verysecret");
  const written = filesBelow(project.path("artifacts")).filter((path) => Deno.statSync(path).size < 1e6);
  for (const path of written) {
    assert.doesNotMatch(Deno.readTextFileSync(path), /hf_verysecret|signature/, path);
  }
  assert.match(logged(project), /3 files of the model tiny\/bert \(0 MB\) from 127\.0\.0\.1/);
  assert.doesNotMatch(output + errors, /hf_verysecret/);
});

Deno.test("the result stays when the token and the address change, and needs no network any more", async () => {
  using project = projectThatDownloads("repository: dataset:owner/pairs, configuration: mrpc");
  {
    await using server = hubServer(repositories);
    using _variables = environment({ HF_ENDPOINT: server.address });
    const { code, output } = await pipeline(project);
    assert.equal(code, 0, output);
    assert.ok(existsSync(project.path("artifacts/bring/files/mrpc/train.parquet")));
  }
  using _variables = environment({ HF_ENDPOINT: "http://127.0.0.1:1", HF_TOKEN: "hf_other" });
  assert.match((await pipeline(project)).output, /all 2 stages up to date/);
});

Deno.test("a run that is killed in the middle of a file is gone on from there", async () => {
  await using server = hubServer(repositories);
  using _variables = environment({ HF_ENDPOINT: server.address });
  using project = projectThatDownloads("repository: model:tiny/bert");
  const half = new ReadableStream({ start: (controller) => controller.enqueue(weights.slice(0, 100_000)) });
  server.breakNext(sha256Of(weights), () => new Response(half));
  const first = start(project, []);
  const partOf = (path: string) => path.endsWith("/model.safetensors") && path.includes("checkpoints");
  const part = () => filesBelow(project.path("artifacts/.store")).find(partOf);
  await until(() => (Deno.statSync(part() ?? project.root).size ?? 0) === 100_000);
  first.kill("SIGKILL");
  await ended(first);

  const { code, output, errors } = await pipeline(project);
  assert.equal(code, 0, output + errors);
  assert.deepEqual(Deno.readFileSync(project.path("artifacts/bring/files/model.safetensors")), weights);
  assert.deepEqual(server.seen.filter(({ server }) => server === "cdn").map(({ range }) => range), [
    null,
    "bytes=100000-",
  ]);
  assert.equal(server.seen.filter(({ path }) => path.endsWith("config.json")).length, 1);
});

Deno.test("a mistake of the hub's is one message of the run", async () => {
  await using server = hubServer(repositories);
  using _variables = environment({ HF_ENDPOINT: server.address });
  using project = projectThatDownloads("repository: model:tiny/bert");
  server.breakNext(`/tree/${commit}`, () => error(403, "GatedRepo"));
  const { code, output } = await pipeline(project);
  assert.equal(code, 1);
  assert.match(
    output,
    /^✗ bring +failed: found no permission to read the model tiny\/bert \(the hub answers 403\)/m,
  );
  assert.doesNotMatch(output, /\.ts:/);
});

Deno.test("a branch is refused, with the commit that it is at the moment", async () => {
  await using server = hubServer(repositories);
  using _variables = environment({ HF_ENDPOINT: server.address });
  await withFiles({}, async (output) => {
    const parameters = { repository: "dataset:owner/pairs", revision: "main" };
    assert.equal(
      await messageOf(runStage(stage, { parameters, inputs: {}, output }), server),
      'found the revision "main", which may be another commit tomorrow, expected the full hash of a commit, so that ' +
        `the result stays what it is\n  At the moment it is this one: write \`revision: ${commit}\`.`,
    );
  });
});

Deno.test("names that can't be a repository's, or a folder's in one, are refused before anything is asked", () => {
  const parse = (changes: Record<string, unknown>) =>
    stage.parameters.safeParse({ repository: "model:gpt2", revision: commit, ...changes });
  assert.ok(parse({}).success);
  for (const repository of ["gpt2", "model:../x", "model:a/..", "space:a/b", "model:a/b/c", "dataset:a b"]) {
    assert.match(
      parse({ repository }).error?.issues[0].message ?? "",
      /a kind and a name, such as model:/,
      repository,
    );
  }
  for (const configuration of ["../x", "/x", "a/../b", "a/"]) {
    assert.equal(
      parse({ configuration }).error?.issues[0].message,
      "a folder of the repository",
      configuration,
    );
  }
});
