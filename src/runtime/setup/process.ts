/** The exit code of a program that has ended, and what it wrote to stderr. */
export interface Outcome {
  readonly code: number;
  readonly stderr: string;
}

/**
 * Runs a program in this process's environment with `env` added, and discards its standard output.
 *
 * @returns how it ended, or undefined where there is no such program
 */
export async function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome | undefined> {
  try {
    const { code, stderr } = await new Deno.Command(program, {
      args: [...args],
      env,
      stdin: "null",
      stdout: "null",
    }).output();
    return { code, stderr: new TextDecoder().decode(stderr).trim() };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Returns the last lines of a program's complaint, which usually name the reason. */
export function lastLines(text: string, count: number): string {
  return text.split("\n").slice(-count).join("\n  ");
}
