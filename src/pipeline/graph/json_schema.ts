/** The pipeline file's JSON schema, for editors: from the same zod schemas that check the file. */

import { relative } from "node:path";
import { z } from "zod";
import { pipelineSchema } from "../file/spec.ts";
import type { Instance } from "./instance.ts";

type JsonSchema = z.core.JSONSchema.JSONSchema;

const reference = { type: "string", pattern: "\\$\\{[^}]*\\}" } as const;

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
        params: withReferences(schemaOf(parameters)),
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

/** Where a value stands that isn't any text, a reference to one may stand instead; so it may within the value. */
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

/** Several that `oneOf` lists may take the same reference: it becomes `anyOf`. */
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
