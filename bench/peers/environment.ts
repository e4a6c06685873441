/** The programs that Calibrant is compared with, in a Python environment of their own. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Command, outputOf } from "../command.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const requirements = join(root, "bench/peers/requirements.txt");

/** Path of the environment's folder. */
export const peersFolder = join(root, "artifacts/.bench-venv");

/** The exact version of each package that is compared with. */
export const peerVersions: Readonly<Record<string, string>> = Object.fromEntries(
  Deno.readTextFileSync(requirements).split("\n").filter((line) => line.includes("=="))
    .map((line) => line.split("==")),
);

const stamp = join(peersFolder, "requirements.txt"); // written last

/** Whether the environment holds the packages in the versions that are wanted. */
export function peersInstalled(): boolean {
  return existsSync(stamp) && Deno.readTextFileSync(stamp) === Deno.readTextFileSync(requirements);
}

/**
 * Makes the environment, or brings it up to date. The first time takes 3 GB of downloads, since PyTorch's
 * wheel doesn't load without CUDA's.
 */
export async function installPeers(): Promise<void> {
  if (peersInstalled()) return;
  await outputOf(["python3", "-m", "venv", peersFolder]);
  await outputOf([join(peersFolder, "bin/pip"), "install", "--quiet", "--requirement", requirements]);
  Deno.copyFileSync(requirements, stamp);
}

/** Makes the command of one of the programs in `bench/peers`. */
export function peerCommand(program: string, args: readonly (string | number)[]): Command {
  return [join(peersFolder, "bin/python"), join(root, "bench/peers", program), ...args.map(String)];
}
