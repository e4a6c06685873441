/** `key` makes a key with which runs sign their results from then on. */

import type { Command } from "commander";
import { printLines } from "../terminal/width.ts";
import { makeKey } from "../../pipeline/provenance/keys.ts";
import { writing } from "../program/system_error.ts";
import { withWriteAccess } from "../program/write_access.ts";
import { keyFolder } from "./key_folder.ts";

const examples = `
Once there is a key, runs sign their results, and audit and verify check the signatures. To trust a colleague's results,
put the colleague's public key beside yours, as another .pub file.

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
      return withWriteAccess([folder], () => {
        writing(folder, () => {
          const key = makeKey(folder);
          if (json) console.log(JSON.stringify(key, null, 2));
          else printLines(`made key ${key.keyId}\nits public half, for colleagues: ${key.publicFile}`);
        });
      });
    });
}
