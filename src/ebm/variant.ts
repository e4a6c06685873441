import { z } from "zod";

/** How the energy is made of the classifier (paper, section 3.2); the baseline has none. */
export const energyVariants = ["scalar", "hidden", "sharp-hidden"] as const;

export const variantSchema = z.enum(["baseline", ...energyVariants]);

export type Variant = z.output<typeof variantSchema>;
