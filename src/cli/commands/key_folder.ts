import { join } from "node:path";
import { InputError } from "../../errors.ts";

/**
 * Returns the folder of the user's keys. It is outside the project, so that no commit or archive of the
 * project holds them.
 *
 * @throws {InputError} if the environment names no such place
 */
export function keyFolder(): string {
  const home = Deno.env.get("HOME");
  const configuration = Deno.env.get("XDG_CONFIG_HOME") || (home && join(home, ".config"));
  if (configuration) return join(configuration, "calibrant");
  throw new InputError({
    found: "neither HOME nor XDG_CONFIG_HOME",
    expected: "one of them, to find keys in",
  });
}
