/** `key`: makes a key, with which runs sign what they make from then on. */

import type { Command } from "commander";
import { makeKey } from "../../pipeline/provenance/keys.ts";
import { withWriteAccess } from "../program/write_access.ts";
import { keyFolder } from "./key_folder.ts";

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
