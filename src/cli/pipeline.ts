/**
 * The entry to `deno task pipeline`. It loads the program only where there may be something to do: reading its
 * modules takes longer than finding out that nothing has changed.
 */

import { printIfUpToDate } from "./up_to_date/up_to_date.ts";

// Deno would read all modules before the first line runs if it could see their names in the imports.
const watch: string = "./up_to_date/watch.ts";
const program: string = "./pipeline_program.ts";

if (!printIfUpToDate()) {
  const { startWatch }: typeof import("./up_to_date/watch.ts") = await import(watch);
  startWatch();
  await import(program);
}
