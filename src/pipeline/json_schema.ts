/** The pipeline file's JSON schema, for editors: from the same zod schemas that check the file. */

import { relative } from "node:path";
import { z } from "zod";
import type { Instance } from "./graph.ts";
import { pipelineSchema } from "./spec.ts";

type JsonSchema = z.core.JSONSchema.BaseSchema;

const reference = { type: "string", pattern: "\\$\\{[^}]*\\}" } as const;
const referable: readonly string[] = ["number", "boolean", "enum", "array"];

/**
 * A JSON schema (draft 7, which editors' YAML servers read) of pipeline files. A stage's `params` and `needs` are those of
 * its module, for the modules of these instances.
 */
export function pipelineJsonSchema(
  instances: readonly Pick<Instance, "module" | "definition">[],
  root: string,
): JsonSchema {
  const modules = new Map(instances.map(({ module, definition }) => [relative(root, module), definition]));
  const conditions = [...modules].map(([run, { description, parameters, inputs }]) => ({
    if: { properties: { run: { const: run } }, required: ["run"] },
    then: {
      description,
      properties: {
        params: schemaOf(parameters),
        needs: {
          properties: Object.fromEntries(
            Object.entries(inputs).map((
              [name, { description }],
            ) => [name, { type: "string" as const, description }]),
          ),
          additionalProperties: false,
        },
      },
    },
  }));
  const schema = schemaOf(pipelineSchema);
  const stages = schema.properties?.stages;
  const stage = typeof stages === "object" ? stages.additionalProperties : undefined;
  if (typeof stage !== "object") throw new Error("zod no longer describes a record by additionalProperties");
  stage.allOf = conditions;
  return { $schema: "http://json-schema.org/draft-07/schema#", title: "A pipeline of Calibrant", ...schema };
}

/** Where a value other than a text is wanted, a reference to one may stand. */
function schemaOf(type: z.ZodType): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(type, {
    target: "draft-7",
    io: "input",
    override({ zodSchema, jsonSchema }) {
      if (!referable.includes(zodSchema._zod.def.type)) return;
      const { description, default: fallback, ...value } = jsonSchema;
      Object.keys(jsonSchema).forEach((key) => delete jsonSchema[key]);
      Object.assign(jsonSchema, {
        ...(description === undefined ? {} : { description }),
        ...(fallback === undefined ? {} : { default: fallback }),
        anyOf: [value, reference],
      });
    },
  });
  return schema;
}
