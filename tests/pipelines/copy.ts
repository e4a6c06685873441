/** Copies of this project in which pipelines run on real texts without touching its artifacts. */
import { cpSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const parts = ["deno.json", "deno.lock", "pipeline.yaml", "pipelines", "src", "stages"];

/** Whether `deno task setup` has run, which every pipeline needs. */
export const isSetUp = existsSync(join(root, "artifacts/setup/stamp.json"));

/** The project in a new folder, with this one's set-up. */
export function copyProject(): string {
  const copy = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "calibrant-" }));
  for (const part of parts) cpSync(join(root, part), join(copy, part), { recursive: true });
  mkdirSync(join(copy, "artifacts"));
  for (const shared of ["node_modules", "artifacts/setup"]) {
    symlinkSync(join(root, shared), join(copy, shared));
  }
  return copy;
}

export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs `deno task pipeline` with these arguments in a copy. */
export async function pipeline(copy: string, ...args: readonly string[]): Promise<Ended> {
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--quiet",
      "--allow-read",
      "--allow-write=artifacts",
      "--allow-run",
      "--allow-env",
    ]
      .concat("src/cli/pipeline.ts", args),
    cwd: copy,
    env: { NO_COLOR: "1" },
  });
  const { code, stdout, stderr } = await command.output();
  return { code, output: [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("") };
}
