/** Starts the real servers that tests use; the scripts beside this file say what each takes. */

import { fileURLToPath } from "node:url";

export interface Service extends Disposable {
  /** The server's folder. */
  readonly folder: string;
  /** What `up` printed: the variables that tell programs where the server is. */
  readonly env: Readonly<Record<string, string>>;
  /** Calls the script for this server, such as `set`, `pause` or `down`. */
  call(command: string, ...settings: readonly string[]): void;
}

/** Starts a server in a temporary folder; it is stopped, and the folder removed, at the end of the test. */
export function startService(script: "bazel-cache" | "s3", ...settings: readonly string[]): Service {
  const folder = Deno.makeTempDirSync({ prefix: "calibrant-service-" });
  const call = (command: string, ...settings: readonly string[]) =>
    printed(script, command, folder, ...settings);
  const lines = call("up", ...settings).trim().split("\n").map((line) => line.split("="));
  return {
    folder,
    env: Object.fromEntries(lines.map(([name = "", ...value]) => [name, value.join("=")])),
    call,
    [Symbol.dispose]() {
      call("down");
      Deno.removeSync(folder, { recursive: true });
    },
  };
}

/** Says, also on standard error, whether a server's program is installed: where it isn't, its tests are skipped. */
export function isInstalled(program: "nginx" | "versitygw"): boolean {
  const isThere = new Deno.Command("bash", {
    args: ["-c", `command -v ${program} || test -x "$(go env GOPATH)/bin/${program}"`],
    stdout: "null",
    stderr: "null",
  }).outputSync().success;
  if (!isThere) console.error(`no ${program} here: its tests are skipped; .ci/run installs it`);
  return isThere;
}

function printed(script: string, ...args: readonly string[]): string {
  const path = fileURLToPath(new URL(`${script}.sh`, import.meta.url));
  const { success, stdout, stderr } = new Deno.Command("bash", { args: [path, ...args] }).outputSync();
  if (!success) throw new Error(`${script} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}
