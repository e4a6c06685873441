/** `key`: makes a key, with which runs sign what they make from then on. */

import { join } from "node:path";
import type { Command } from "commander";
import { InputError } from "../../errors.ts";
import { makeKey } from "../../pipeline/provenance/keys.ts";
import { withWriteAccess } from "../program/write_access.ts";

const examples = `
Where a key exists, runs sign what they make: audit and verify show it. To trust a colleague's results, put the
colleague's public key beside yours as another .pub file.

Examples:
  deno task pipeline key
  XDG_CONFIG_HOME=/path/to/other deno task pipeline key --json`;

export function addKeyCommand(program: Command): void {
  program.command("key")
    .description(
      "make an Ed25519 key to sign results with, in ~/.config/calibrant (or $XDG_CONFIG_HOME/calibrant)",
    )
    .option("--json", "print JSON", false)
    .addHelpText("after", examples)
    .action(({ json }: { readonly json: boolean }) => {
      const folder = keyFolder();
      return withWriteAccess(folder, () => {
        const key = makeKey(folder);
        console.log(
          json
            ? JSON.stringify(key, null, 2)
            : `made key ${key.keyId}\nto hand on, its public half: ${key.publicFile}`,
        );
      });
    });
}

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
