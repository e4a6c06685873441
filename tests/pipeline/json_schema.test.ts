/** The JSON schema that editors check pipeline files with. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { chain, makeProject, pipeline } from "./synthetic.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

Deno.test("the committed JSON schema is the one that `schema` prints", async () => {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-read", "--allow-env", "src/cli/pipeline.ts", "schema"],
    cwd: repository,
  }).output();
  assert.ok(success);
  assert.deepEqual(
    JSON.parse(Deno.readTextFileSync(`${repository}/docs/pipeline.schema.json`)),
    JSON.parse(new TextDecoder().decode(stdout)),
    "deno task --quiet pipeline schema > docs/pipeline.schema.json",
  );
});

Deno.test("schema describes the parameters and inputs of each stage's module", async () => {
  using project = makeProject(chain);
  const { code, output } = await pipeline(project, "schema");
  assert.equal(code, 0);
  const conditions = JSON.parse(output).properties.stages.additionalProperties.allOf;
  assert.deepEqual(conditions.map((rule: { if: unknown }) => rule.if), [
    { properties: { run: { const: "stages/copy.ts" } }, required: ["run"] },
    { properties: { run: { const: "stages/join.ts" } }, required: ["run"] },
  ]);
  const { params, needs } = conditions[0].then.properties;
  assert.equal(params.properties.words.description, "how many words to keep");
  assert.equal(params.properties.words.default, 2);
  assert.equal(params.additionalProperties, false);
  assert.equal(needs.properties.text.description, "a text file");
});

Deno.test("each pipeline file names the schema for editors", () => {
  for (
    const [file, schema] of [
      ["pipeline.yaml", "docs/pipeline.schema.json"],
      ["pipelines/mrpc.yaml", "../docs/pipeline.schema.json"],
      ["pipelines/smoke.yaml", "../docs/pipeline.schema.json"],
    ]
  ) {
    const [first] = Deno.readTextFileSync(`${repository}/${file}`).split("\n");
    assert.equal(first, `# yaml-language-server: $schema=${schema}`);
  }
});
