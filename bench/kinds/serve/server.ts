import type { Command, CommandOptions } from "../../command.ts";

/** A server that runs. */
export interface Server {
  readonly port: number;
  end(): Promise<void>;
}

/**
 * Starts a server, and waits until its first line on standard output, which ends with its port.
 *
 * @throws with what it has written to stderr, if it ends before
 */
export async function startServer([program, ...args]: Command, options: CommandOptions): Promise<Server> {
  const process = new Deno.Command(program, {
    args,
    ...options,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  })
    .spawn();
  const complaint = new Response(process.stderr).text();
  let line = "";
  const output = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  while (!line.includes("\n")) {
    const { value, done } = await output.read();
    if (done) throw new Error(`${program} ${args.join(" ")} has ended: ${await complaint}`);
    line += value;
  }
  return {
    port: Number(line.match(/(\d+)\/?\n/)?.[1]),
    async end() {
      process.kill("SIGTERM");
      await process.status;
      await output.cancel();
    },
  };
}
