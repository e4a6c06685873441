import { z } from "zod";

/**
 * The variants with an energy, named after how it is made of the classifier (see `energy` in `objective.ts`).
 */
const energyVariants = [
  "scalar",
  "hidden",
  "sharp-hidden",
  "negated-scalar",
  "negated-hidden",
  "negated-sharp-hidden",
  "labelled",
  "self-labelled-noise",
] as const;

/**
 * The variants without one: `baseline` is cross-entropy alone, the others put another loss of the classes in
 * its place.
 */
const plainVariants = ["baseline", "label-smoothing", "focal", "poscal"] as const;

export const variantSchema = z.enum([...plainVariants, ...energyVariants]);

export type EnergyVariant = typeof energyVariants[number];
export type Variant = z.output<typeof variantSchema>;

/** Whether a classifier gives each text an energy. */
export function hasEnergy(variant: Variant): variant is EnergyVariant {
  return (energyVariants as readonly string[]).includes(variant);
}

/** Whether the energy is a second head of the classifier, not made of its logits. */
export function hasScalarHead(variant: Variant): boolean {
  return variant === "scalar" || variant === "negated-scalar";
}

/** Returns the texts whose classes the energy is told in training: it is then E(x, y) in place of E(x). */
export function toldClasses(variant: Variant): readonly ("data" | "noise")[] {
  if (variant === "labelled") return ["data", "noise"];
  return variant === "self-labelled-noise" ? ["data"] : [];
}

/**
 * The variants that `finetune` takes. MC dropout differs from the baseline in prediction alone, so they share
 * one training.
 */
export const finetunedSchema = z.enum([...variantSchema.options, "mc-dropout"])
  .transform((variant): Variant => variant === "mc-dropout" ? "baseline" : variant);
