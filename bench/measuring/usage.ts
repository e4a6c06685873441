import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type Command, type CommandOptions, outputOf } from "../command.ts";

const usageSchema = z.object({
  firstLineSeconds: z.number(),
  seconds: z.number(),
  cpuSeconds: z.number(),
  peakMebibytes: z.number(),
});

/** What a whole process took, as usage.py measures it. */
export type Usage = z.output<typeof usageSchema>;

/**
 * Runs a command and measures the whole process.
 *
 * @param output The file that gets what the command prints.
 * @throws with what it has written to stderr, if it fails
 */
export async function usageOf(
  command: Command,
  { output = "/dev/null", ...options }: CommandOptions & { readonly output?: string } = {},
): Promise<Usage> {
  const script = fileURLToPath(new URL("usage.py", import.meta.url));
  return usageSchema.parse(JSON.parse(await outputOf(["python3", script, output, ...command], options)));
}
