/** What Calibrant is compared with: Python programs in an environment of their own. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const requirements = join(root, "bench/peers/requirements.txt");

/** The Python environment that the benchmarks keep; `installPeers` fills it. */
export const peersFolder = join(root, "artifacts/.bench-venv");

/** Exact versions of what is compared with, by package. */
export const peerVersions: Readonly<Record<string, string>> = Object.fromEntries(
  Deno.readTextFileSync(requirements).split("\n").filter((line) => line.includes("=="))
    .map((line) => line.split("==")),
);

/** Makes the Python environment, or brings it up to date (3 GB of downloads at first: PyTorch's wheel needs CUDA's to load). */
export function installPeers(): void {
  const stamp = join(peersFolder, "requirements.txt");
  const wanted = Deno.readTextFileSync(requirements);
  if (existsSync(stamp) && Deno.readTextFileSync(stamp) === wanted) return;
  run("python3", "-m", "venv", peersFolder);
  run(join(peersFolder, "bin/pip"), "install", "--quiet", "--requirement", requirements);
  Deno.writeTextFileSync(stamp, wanted);
}

function run(command: string, ...args: readonly string[]): void {
  const { code, stderr } = new Deno.Command(command, { args: [...args] }).outputSync();
  if (code !== 0) throw new Error(`${command} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}

/** The command of one of the programs in `bench/peers`. */
export function peerCommand(program: string, args: readonly (string | number)[]): string[] {
  return [join(peersFolder, "bin/python"), join(root, "bench/peers", program), ...args.map(String)];
}

/** PyTorch's side of the comparisons of training and inference, which lies beside the project; undefined where it doesn't. */
export function findTorchSteps(): string | undefined {
  const shared = Deno.env.get("CALIBRANT_SHARED") ?? join(root, "..", "shared");
  const file = join(shared, "peers/torch_step.py");
  return existsSync(file) ? file : undefined;
}
