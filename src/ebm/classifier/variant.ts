import { z } from "zod";

/**
 * The variants with an energy, named after how it is made of the classifier (see `energy` in `objective.ts`).
 */
const energyVariants = ["scalar", "hidden", "sharp-hidden"] as const;

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

/**
 * The variants that `finetune` takes. MC dropout differs from the baseline in prediction alone, so they share
 * one training.
 */
export const finetunedSchema = z.enum([...variantSchema.options, "mc-dropout"])
  .transform((variant): Variant => variant === "mc-dropout" ? "baseline" : variant);
