/**
 * The entry to `deno task pipeline`. It loads the program only where there may be something to do: reading its
 * modules takes longer than finding out that nothing has changed.
 */

import { printIfUpToDate } from "./up_to_date/up_to_date.ts";

if (!printIfUpToDate()) {
  const { startWatch } = await import("./up_to_date/watch.ts");
  startWatch();
  await import("./pipeline_program.ts");
}
