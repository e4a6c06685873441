/** Lets single commands reach a server, where their task as a whole reaches none. */

import { artifactPlaces, pipelineFlags } from "./linked_artifacts.ts";
import { runAgain } from "./write_access.ts";

/** A server, as far as permissions know it. */
export interface Server {
  /** Its host and port. */
  readonly host: string;
  readonly base: URL;
}

/**
 * Calls `work` if the process may reach the server. Otherwise it runs the whole command line again in a process
 * that may reach it and no other.
 */
export async function withNetAccess({ host, base }: Server, work: () => Promise<void>): Promise<void> {
  if (Deno.permissions.querySync({ name: "net", host }).state === "granted") return await work();
  // Deno finds the certificates that it trusts only for programs that may ask for all system information.
  const flags = pipelineFlags(base.protocol === "https:" ? "--allow-sys" : undefined);
  await runAgain(artifactPlaces(), [...flags, `--allow-net=${host}`]);
}
