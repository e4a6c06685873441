/**
 * A stage's description is what the engine has to know of its definition to plan: plain data, which a process
 * that may do nothing reads from the stage's module.
 */

import { z } from "zod";
import type { Tolerance, Work } from "../stage.ts";

const inputSchema = z.object({ description: z.string(), many: z.boolean().optional() });

const toleranceSchema: z.ZodType<Tolerance> = z.object({
  absolute: z.number().exactOptional(),
  relative: z.number().exactOptional(),
});

export const descriptionSchema = z.object({
  description: z.string(),
  parameters: z.record(z.string(), z.json()).describe("of what is written, a JSON schema"),
  inputs: z.record(z.string(), inputSchema),
  outputs: z.record(z.string(), z.string()),
  tolerance: z.record(z.string(), toleranceSchema).optional(),
  native: z.boolean().optional(),
  warm: z.boolean().optional(),
});

const workSchema: z.ZodType<Work> = z.object({
  amount: z.number().positive(),
  steps: z.number().exactOptional(),
  tokens: z.number().exactOptional(),
  threadSeconds: z.number().exactOptional(),
});

export type StageDescription = z.output<typeof descriptionSchema>;

/** What a stage makes of the parameters that are written for an instance. */
export const readingSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("parameters"),
    parameters: z.record(z.string(), z.json()),
    unused: z.array(z.string()).describe("inputs that an instance with these parameters doesn't use"),
    work: workSchema.optional(),
  }),
  z.object({
    kind: z.literal("mistake"),
    mistake: z.object({
      path: z.array(z.union([z.string(), z.number()])),
      part: z.enum(["key", "value"]),
      found: z.string(),
      expected: z.string(),
      fix: z.string().optional(),
    }),
  }),
]);

export type Reading = z.output<typeof readingSchema>;

/** A stage as the planner knows it. */
export interface KnownStage {
  readonly description: StageDescription;
  read(written: Readonly<Record<string, unknown>>): Reading;
}
