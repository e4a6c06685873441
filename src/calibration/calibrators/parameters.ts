/** What calibrators consist of once they are fitted, in the form in which `calibrator.json` holds it. */

import { z } from "zod";

/** What was fitted to tell one class from all others, of one of these kinds. */
export type OneClassParameters =
  | { kind: "platt"; a: number; b: number }
  | { kind: "beta"; a: number; b: number; c: number }
  | { kind: "isotonic"; places: number[]; values: number[] }
  | { kind: "histogram"; uppers: number[]; values: number[] }
  | { kind: "platt-binner"; a: number; b: number; uppers: number[]; values: number[] };

/** What was fitted. The schema says what each number is. */
export type Parameters =
  | { kind: "temperature"; value: number; atBound: boolean }
  | {
    kind: "affine";
    features: "logits" | "log-probabilities";
    map: "vector" | "matrix";
    unit: number;
    size: number;
    values: number[];
  }
  | { kind: "one-versus-rest"; unit: number; fits: OneClassParameters[] };

/** What was fitted of one kind. */
export type ParametersOf<Kind extends Parameters["kind"]> = Extract<Parameters, { readonly kind: Kind }>;

const numbers = z.array(z.number());
const increasing = numbers.min(1).refine(
  (values) => values.every((one, at) => at === 0 || one >= values[at - 1]),
  {
    error: "numbers that never fall",
  },
);
const unit = z.number().positive().describe("What logits are divided by first.");

/** What Platt scaling fits: σ(a · log-odds + b). */
const platt = { a: z.number(), b: z.number() };

/** A function that is constant between edges: `values` has one number for each of `uppers`. */
const steps = { uppers: increasing, values: numbers.min(1) };

const oneClass = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("platt"), ...platt }),
  z.strictObject({ kind: z.literal("beta"), a: z.number(), b: z.number(), c: z.number() }),
  z.strictObject({ kind: z.literal("isotonic"), places: increasing, values: numbers.min(1) }),
  z.strictObject({ kind: z.literal("histogram"), ...steps }),
  z.strictObject({ kind: z.literal("platt-binner"), ...platt, ...steps }),
]);

/** The schema of what was fitted. */
export const parametersSchema: z.ZodType<Parameters> = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("temperature"),
    value: z.number().positive(),
    atBound: z.boolean().describe("Whether the temperature is a bound of the search, and no optimum."),
  }),
  z.strictObject({
    kind: z.literal("affine"),
    features: z.enum(["logits", "log-probabilities"]).describe("What the linear map is applied to."),
    map: z.enum(["vector", "matrix"]),
    unit,
    size: z.number().positive().describe("What features are divided by."),
    values: numbers.describe("Weights and intercepts."),
  }),
  z.strictObject({
    kind: z.literal("one-versus-rest"),
    unit,
    fits: z.array(oneClass).min(1).describe("One for each class; with two classes, one for class 1."),
  }),
]);
