/** The program behind `deno task docs`: it writes the page of the documentation that programs can write. */

import { fileURLToPath } from "node:url";
import { commandsPage } from "./docs/commands_page.ts";
import { newProgram, runProgram } from "./program/program.ts";
import { formatted } from "./results/formatted.ts";
import { green } from "./terminal/text.ts";

const page = "docs/commands.md";

const program = newProgram("deno task docs")
  .description(`Writes ${page} from what each command says with --help.`)
  .addHelpText("after", "\nExit codes: 0 done, 2 wrong input.")
  .action(async () => {
    const root = fileURLToPath(new URL("../..", import.meta.url));
    Deno.writeTextFileSync(`${root}${page}`, await formatted(await commandsPage(root), "md"));
    console.log(green(`✓ ${page}`));
  });

await runProgram(program);
