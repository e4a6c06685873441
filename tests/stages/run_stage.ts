import type { z } from "zod";
import type { StageDefinition } from "../../src/pipeline/stage.ts";

/** The parameters and folders that a stage is run with. */
export interface StageRun {
  /** The parameters as they would be written in a pipeline file. */
  readonly parameters: unknown;
  /** Paths by input name; for inputs that take several instances, by name and variant. */
  readonly inputs: Readonly<Record<string, string | ReadonlyMap<string, string>>>;
  readonly output: string;
  /** The folder with the state of an earlier attempt; an empty one unless given. */
  readonly checkpoint?: string;
  log?(line: string): void;
}

/** Runs a stage in this process, and returns the lines of its summary. */
export async function runStage<Schema extends z.ZodObject>(
  stage: StageDefinition<Schema>,
  { parameters, inputs, output, checkpoint, log = () => {} }: StageRun,
): Promise<string[]> {
  const lines: string[] = [];
  const [scratch, none] = await Promise.all([Deno.makeTempDir(), Deno.makeTempDir()]);
  await stage.run({
    parameters: stage.parameters.parse(parameters),
    input: (name) => inputs[name] as string,
    inputs: (name) => typeof inputs[name] === "string" ? new Map([["", inputs[name]]]) : inputs[name],
    output,
    scratch,
    checkpoint: checkpoint ?? none,
    threads: 1,
    log,
    summary: (text) => lines.push(...text.split("\n")),
    progress: () => {},
  });
  for (const folder of [scratch, none]) await Deno.remove(folder, { recursive: true });
  return lines;
}
