import { join } from "node:path";
import { InputError } from "../../errors.ts";

/** Where keys are: outside the project, so that no commit and no archive of it has them. @throws {InputError} */
export function keyFolder(): string {
  const home = Deno.env.get("HOME");
  const configuration = Deno.env.get("XDG_CONFIG_HOME") || (home && join(home, ".config"));
  if (configuration) return join(configuration, "calibrant");
  throw new InputError({
    found: "neither HOME nor XDG_CONFIG_HOME",
    expected: "one of them, to find keys in",
  });
}
