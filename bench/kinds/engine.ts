import { fileURLToPath } from "node:url";
import type { Bench } from "../bench.ts";

/** The engine beside DVC and Snakemake. */
export async function benchEngine({ settings, peers, say }: Bench): Promise<string> {
  say(`${settings.engineStages} stages`);
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--quiet", "--allow-read", "--allow-write", "--allow-run", "--allow-env"],
      ...[
        fileURLToPath(new URL("../engine.ts", import.meta.url)),
        String(settings.engineStages),
        peers ? "" : "alone",
      ],
    ],
  }).output();
  if (!success) throw new Error(`engine: ${new TextDecoder().decode(stderr)}`);
  return [
    "Whole processes, in turn. From nothing, Calibrant starts a sandboxed Deno process for each stage, where Snakemake starts " +
    "a shell.",
    new TextDecoder().decode(stdout).trim(),
  ].join("\n\n");
}
