/** Lets single commands reach a host, where their task as a whole reaches none. */

import { artifactPlaces, pipelineFlags } from "./linked_artifacts.ts";
import { runAgain } from "./write_access.ts";

/**
 * Calls `work` if the process may reach the host. Otherwise it runs the whole command line again in a process
 * that may reach it and no other.
 *
 * @param host host and port
 */
export async function withNetAccess(host: string, work: () => Promise<void>): Promise<void> {
  if (Deno.permissions.querySync({ name: "net", host }).state === "granted") return await work();
  await runAgain(artifactPlaces(), [...pipelineFlags(), `--allow-net=${host}`]);
}
