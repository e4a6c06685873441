import type { z } from "zod";
import type { StageDefinition } from "../../src/pipeline/stage.ts";

export interface StageRun {
  /** As they would be written in a pipeline file. */
  readonly parameters: unknown;
  /** Paths by input name; for inputs that take several instances, by name and variant. */
  readonly inputs: Readonly<Record<string, string | ReadonlyMap<string, string>>>;
  readonly output: string;
}

/** Runs a stage in this process, and returns the lines of its summary. */
export async function runStage<Schema extends z.ZodObject>(
  stage: StageDefinition<Schema>,
  { parameters, inputs, output }: StageRun,
): Promise<string[]> {
  const lines: string[] = [];
  const scratch = await Deno.makeTempDir();
  await stage.run({
    parameters: stage.parameters.parse(parameters),
    input: (name) => inputs[name] as string,
    inputs: (name) => inputs[name] as ReadonlyMap<string, string>,
    output,
    scratch,
    threads: 1,
    log: () => {},
    summary: (text) => lines.push(...text.split("\n")),
    progress: () => {},
  });
  await Deno.remove(scratch, { recursive: true });
  return lines;
}
