/** The JSON schema that editors check pipeline files with. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { describeStage } from "../../../src/pipeline/graph/describe.ts";
import { pipelineJsonSchema } from "../../../src/pipeline/graph/json_schema.ts";
import { defineStage } from "../../../src/pipeline/stage.ts";
import { chain, makeProject, pipeline } from "../synthetic.ts";

const repository = fileURLToPath(new URL("../../..", import.meta.url));

Deno.test("the committed JSON schema is the one that `schema` prints", async () => {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--allow-read",
      "--allow-env",
      "--allow-run",
      "src/cli/pipeline.ts",
      "schema",
    ],
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
  const [{ properties: { words }, additionalProperties }] = params.anyOf;
  assert.equal(words.description, "how many words to keep");
  assert.equal(words.default, 2);
  assert.equal(additionalProperties, false);
  assert.equal(needs.properties.text.description, "a text file");
});

Deno.test("each pipeline file names the schema for editors", () => {
  const others = Array.from(Deno.readDirSync(`${repository}/pipelines`), ({ name }) => `pipelines/${name}`);
  for (const file of ["pipeline.yaml", ...others]) {
    const schema = `${file.includes("/") ? "../" : ""}docs/pipeline.schema.json`;
    const [first] = Deno.readTextFileSync(`${repository}/${file}`).split("\n");
    assert.equal(first, `# yaml-language-server: $schema=${schema}`);
  }
});

type Schema = z.core.JSONSchema.JSONSchema;

/** Whether a schema takes a text, by the few words that say so in ours. */
function takes(schema: Schema | boolean, text: string): boolean {
  if (typeof schema === "boolean") return schema;
  const { anyOf, type = "string", pattern = "", enum: values = [text] } = schema;
  if (anyOf) return anyOf.some((one) => takes(one, text));
  return schema.const === undefined && type === "string" && values.includes(text) &&
    new RegExp(pattern, "u").test(text);
}

/** The schemas of all values within what a schema describes, by path. */
function valuesWithin(schema: Schema | boolean, path = ""): readonly (readonly [string, Schema | boolean])[] {
  if (typeof schema === "boolean") return [];
  const { properties = {}, additionalProperties = false, items = [], anyOf = [] } = schema;
  const inner: readonly (readonly [string, Schema | boolean])[] = [
    ...Object.entries(properties).map(([name, value]) => [`${path}.${name}`, value] as const),
    ...(typeof additionalProperties === "object" ? [[`${path}.*`, additionalProperties] as const] : []),
    ...[items].flat().map((item) => [`${path}[]`, item] as const),
  ];
  return [
    ...inner,
    ...inner.flatMap(([path, value]) => valuesWithin(value, path)),
    ...anyOf.flatMap((one) => valuesWithin(one, path)),
  ];
}

Deno.test("a reference may stand for any value of a parameter: a mapping, a list, what is in them", () => {
  const definition = defineStage({
    description: "Has all kinds of parameters.",
    parameters: z.strictObject({
      words: z.int().min(1).default(2),
      rates: z.array(z.number()),
      pair: z.tuple([z.int(), z.boolean()]),
      optimizer: z.strictObject({ name: z.enum(["adam", "sgd"]), decay: z.number().nullable() }),
      source: z.discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("tsv"), columns: z.array(z.int()) }),
        z.strictObject({ kind: z.literal("reviews") }),
      ]),
      weights: z.record(z.string(), z.number()).optional(),
      code: z.string().regex(/^[a-z]$/),
    }),
    inputs: {},
    outputs: {},
    run: () => Promise.resolve(),
  });
  const schema = pipelineJsonSchema(
    [{ module: "/p/stages/all.ts", description: describeStage(definition as never) }],
    "/p",
  );
  const stage = (schema.properties?.stages as Schema).additionalProperties as Schema;
  const params = (stage.allOf?.[0]?.then as Schema).properties?.params as Schema;
  const values = valuesWithin({ properties: { params } });
  const paths = values.map(([path]) => path);
  for (const path of [".params", ".params.pair[]", ".params.optimizer.decay", ".params.source.columns[]"]) {
    assert.ok(paths.includes(path), path);
  }
  assert.deepEqual(values.flatMap(([path, value]) => takes(value, "${vars.x}") ? [] : [path]), []);
  const other = values.flatMap(([path, value]) => takes(value, "any text") ? [path] : []);
  assert.deepEqual(other, [], "a text that is no reference is still checked");
});
