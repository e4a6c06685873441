import { z } from "zod";
import type { Limits } from "./limits.ts";
import { answerSchema, errorSchema, healthSchema, modelSchema } from "./schemas.ts";

/** Describes the server's interface as OpenAPI 3.1. */
export function openApi({ texts, textLength, bodyBytes }: Limits): unknown {
  const length = { minLength: 1, maxLength: textLength };
  const id = { type: ["string", "integer"], description: "A name that the answer gets too." };
  const ids = { type: "array", items: { type: "integer", minimum: 0 } };
  return {
    openapi: "3.1.0",
    info: {
      title: "Calibrant",
      version: "1",
      description: "Classifies texts with calibrated probabilities.",
    },
    paths: {
      "/predict": {
        post: {
          summary: "Classifies a text, or each text of a list",
          requestBody: {
            required: true,
            ...json({
              oneOf: [reference("Text"), {
                type: "array",
                items: reference("Text"),
                ...{
                  minItems: 1,
                  maxItems: texts,
                },
              }],
            }),
          },
          responses: {
            200: {
              description: "An answer for a text, or a list of them for a list, in its order",
              ...json({ oneOf: [reference("Answer"), { type: "array", items: reference("Answer") }] }),
            },
            ...errors({
              400: "The body isn't JSON in UTF-8",
              408: "The body took too long to come",
              413:
                `The body has more than ${bodyBytes} bytes, or there are too many texts, or a text is too long`,
              415: "The content-type isn't application/json",
              422: "What the body holds is no text, or the model can't read it",
              429: "Too many texts are waiting; try again after a moment",
            }),
            ...otherErrors,
          },
        },
      },
      "/health": { get: getting("Says that the server answers", "Health") },
      "/model": { get: getting("Describes the model: classes, calibrator, metrics, provenance", "Model") },
      "/metrics": {
        get: {
          summary: "Tells figures of the server in Prometheus's text format",
          responses: {
            200: { description: "Done", content: { "text/plain": { schema: { type: "string" } } } },
            ...otherErrors,
          },
        },
      },
    },
    components: {
      schemas: {
        Text: {
          oneOf: [
            { type: "string", ...length },
            {
              type: "object",
              required: ["text"],
              properties: { text: { type: "string", ...length }, pair: { type: "string", ...length }, id },
            },
            {
              type: "object",
              description: "A text of which another program has made tokens with the model's tokenizer.",
              required: ["input_ids"],
              properties: { input_ids: ids, token_type_ids: ids, attention_mask: ids, id },
            },
          ],
        },
        Answer: schemaOf(answerSchema),
        Model: schemaOf(modelSchema),
        Health: schemaOf(healthSchema),
        Error: schemaOf(errorSchema),
      },
    },
  };
}

function getting(summary: string, schema: string): unknown {
  return { summary, responses: { 200: { description: "Done", ...json(reference(schema)) }, ...otherErrors } };
}

/** What may be wrong with a request for any path. */
const otherErrors = {
  default: {
    description:
      "Refused because of its method (405), its host (421) or its headers (431), or a failure of the server (500)",
    ...json(reference("Error")),
  },
};

function errors(meanings: Readonly<Record<number, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(meanings).map(([status, description]) =>
      [status, { description, ...json(reference("Error")) }] as const
    ),
  );
}

function json(schema: unknown): { readonly content: unknown } {
  return { content: { "application/json": { schema } } };
}

function reference(name: string): unknown {
  return { $ref: `#/components/schemas/${name}` };
}

function schemaOf(schema: z.ZodType): unknown {
  const { $schema: _, ...described } = z.toJSONSchema(schema, {
    override({ jsonSchema }) {
      if (jsonSchema.maximum === Infinity) delete jsonSchema.maximum; // some figures have no bound, JSON no ∞
    },
  });
  return described;
}
