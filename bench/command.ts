/** A program and its arguments. */
export type Command = readonly string[];

/** Where a command runs; by default in this process's folder, with its environment. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a command and returns what it has written to stdout.
 *
 * @throws with what it has written to stderr, if it fails
 */
export async function outputOf([program, ...args]: Command, options: CommandOptions = {}): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args, ...options }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`${program} ${args.join(" ")}: ${text(stderr)}`);
  return text(stdout);
}
