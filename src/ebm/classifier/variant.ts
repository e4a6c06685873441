import { z } from "zod";

/** How the energy is made of the classifier (paper, section 3.2). */
const energyVariants = ["scalar", "hidden", "sharp-hidden"] as const;

/** Those that have no energy: cross-entropy, and other losses of the classes in its place (`class_loss.ts`). */
const plainVariants = ["baseline", "label-smoothing", "focal", "poscal"] as const;

export const variantSchema = z.enum([...plainVariants, ...energyVariants]);

export type EnergyVariant = typeof energyVariants[number];
export type Variant = z.output<typeof variantSchema>;

/** Whether a classifier gives each text an energy. */
export function hasEnergy(variant: Variant): variant is EnergyVariant {
  return (energyVariants as readonly string[]).includes(variant);
}

/** What `finetune` takes: MC dropout differs from the baseline in prediction alone, so both are one training and one result. */
export const finetunedSchema = z.enum([...variantSchema.options, "mc-dropout"])
  .transform((variant): Variant => variant === "mc-dropout" ? "baseline" : variant);
