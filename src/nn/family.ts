/** The families of models that are supported. */

/** The families by the names that config.json has for them: `model_type`. */
export const families = ["bert", "roberta", "distilbert", "electra", "mpnet", "gpt2"] as const;

/** A family of models. */
export type Family = (typeof families)[number];

/** The families whose models are encoders. GPT-2 reads one way. */
export type EncoderFamily = Exclude<Family, "gpt2">;

/** Tells whether this is the name of a family that is supported. */
export function isFamily(name: string): name is Family {
  return families.some((family) => family === name);
}
