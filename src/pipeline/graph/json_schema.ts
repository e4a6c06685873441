/** The pipeline file's JSON schema, for editors, is made from the same zod schemas that check the file. */

import { relative } from "node:path";
import { z } from "zod";
import { pipelineSchema } from "../file/spec.ts";
import type { Instance } from "./instance.ts";

type JsonSchema = z.core.JSONSchema.JSONSchema;

const reference = { type: "string", pattern: "\\$\\{[^}]*\\}" } as const;

/**
 * Makes a JSON schema of pipeline files (draft 7, which editors' YAML servers read). What it says of a
 * stage's `params` and `needs` comes from the stage's module, for the modules of these instances.
 */
export function pipelineJsonSchema(
  instances: readonly Pick<Instance, "module" | "description">[],
  root: string,
): JsonSchema {
  const modules = new Map(instances.map(({ module, description }) => [relative(root, module), description]));
  const conditions = [...modules].map(([run, { description, parameters, inputs }]) => ({
    if: { properties: { run: { const: run } }, required: ["run"] },
    then: {
      description,
      properties: {
        params: withReferences(parameters as JsonSchema),
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
  Object.assign(stage, withinReferences(stage), { allOf: conditions });
  return { $schema: "http://json-schema.org/draft-07/schema#", title: "A pipeline of Calibrant", ...schema };
}

function schemaOf(type: z.ZodType): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(type, { target: "draft-7", io: "input" });
  return schema;
}

/**
 * Allows a reference in place of a value, unless the value may be any text anyway, and likewise within the
 * value.
 */
function withReferences<Schema extends JsonSchema | boolean>(schema: Schema): Schema | JsonSchema {
  if (typeof schema === "boolean") return schema;
  const within = withinReferences(schema);
  const { description, default: fallback, ...value } = within;
  const { anyOf: values = [value] } = value;
  if (values.some(isAnyText)) return within;
  return {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    anyOf: [...values, reference],
  };
}

/**
 * Allows references within a value. `oneOf` becomes `anyOf`, because the same reference may then suit several
 * of its schemas.
 */
function withinReferences({ oneOf, anyOf = oneOf, ...schema }: JsonSchema): JsonSchema {
  const { properties, additionalProperties, items } = schema;
  return {
    ...schema,
    ...(anyOf && { anyOf: anyOf.map(withinReferences) }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, value]) => [name, withReferences(value)]),
      ),
    }),
    ...(additionalProperties && { additionalProperties: withReferences(additionalProperties) }),
    ...(items && { items: Array.isArray(items) ? items.map(withReferences) : withReferences(items) }),
  };
}

function isAnyText({ type = "string", ...conditions }: JsonSchema): boolean {
  return type === "string" && Object.keys(conditions).length === 0;
}
