import { InputError } from "../../errors.ts";

/** Something that was looked at: `missing` is needed, while a `note` only says what could be better. */
export interface Check {
  readonly name: string;
  readonly state: "ok" | "note" | "missing";
  readonly found: string;
  /** What to do about it. */
  readonly fix?: string | undefined;
}

/** Checks something; where that says what is missing and how to get it, the check says the same. */
export async function check(
  name: string,
  look: () => Promise<Omit<Check, "name">> | Omit<Check, "name">,
): Promise<Check> {
  try {
    return { name, ...await look() };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { found, fix } = error.mistake;
    return { name, state: "missing", found, fix };
  }
}
