/**
 * Runs git, and returns what it prints, without white space around; undefined where it fails, or isn't there.
 *
 * @param folder where it runs
 */
export function git(folder: string, ...args: readonly string[]): string | undefined {
  try {
    const command = new Deno.Command("git", { args: [...args], cwd: folder, stderr: "null" });
    const { success, stdout } = command.outputSync();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
