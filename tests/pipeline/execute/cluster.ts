/** A Slurm of the tests' own, where it is installed: tests/services/slurm.sh starts it on this machine. */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Ended, pipeline, type Project } from "../synthetic.ts";

const script = fileURLToPath(new URL("../../services/slurm.sh", import.meta.url));

export interface Cluster {
  /** Kills a daemon, such as the slurmd of node n1, has it end in order, or starts it again. */
  daemon(action: "kill" | "end" | "start", name: string): void;
}

/**
 * Starts a cluster that ends with the tests of this file. Undefined, after a word, where Slurm isn't
 * installed.
 *
 * @param nodes how many nodes it pretends to have
 * @param settings of slurm.conf
 */
export function startCluster(nodes: number, ...settings: readonly string[]): Cluster | undefined {
  if (command("sh", ["-c", "command -v munged sbatch slurmctld slurmd"]).code !== 0) {
    console.warn("skipped, no Slurm: install slurm-wlm and munge");
    return undefined;
  }
  const folder = Deno.makeTempDirSync({ prefix: "calibrant-slurm-" });
  const service = (action: string, ...args: readonly string[]) => {
    const { code, output, errors } = command(script, [action, folder, ...args]);
    if (code !== 0) throw new Error(`slurm.sh ${action} failed: ${errors}`);
    return output;
  };
  addEventListener("unload", () => {
    service("down");
    Deno.removeSync(folder, { recursive: true });
  });
  const [, configuration = ""] = service("up", `${nodes}`, ...settings).match(/^SLURM_CONF=(.*)$/m) ?? [];
  Deno.env.set("SLURM_CONF", configuration);
  return {
    daemon: (action, name) => void (action === "end" ? service("kill", name, "TERM") : service(action, name)),
  };
}

/** Runs one of Slurm's commands and returns what it prints. */
export function slurm(program: string, ...args: readonly string[]): string {
  const { code, output, errors } = command(program, args);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} failed: ${errors}`);
  return output;
}

/** The ids of the jobs that are in one of these states, of those that belong to a project. */
export function jobsOf(project: Project, states = "pending,running,completing"): readonly string[] {
  const lines = slurm("squeue", "--noheader", `--states=${states}`, "--format=%i|%Z").split("\n");
  return lines.flatMap((line) => {
    const [id = "", folder = ""] = line.split("|");
    return folder.startsWith(join(project.root, "artifacts")) ? [id] : [];
  });
}

/** Runs a project's pipeline through Slurm. */
export function throughSlurm(project: Project, ...args: readonly string[]): Promise<Ended> {
  return pipeline(project, "run", "--executor", "slurm", ...args);
}

/** Writes the configuration of the user who runs a project's pipeline. */
export function configure(project: Project, text: string): void {
  project.write({ "config/calibrant/config.yaml": text });
}

function command(program: string, args: readonly string[]) {
  const { code, stdout, stderr } = new Deno.Command(program, { args: [...args], stdin: "null" }).outputSync();
  return { code, output: new TextDecoder().decode(stdout), errors: new TextDecoder().decode(stderr) };
}
