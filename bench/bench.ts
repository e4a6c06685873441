import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Precision } from "../src/graph/graph.ts";
import type { TransformerConfig } from "../src/nn/config.ts";
import { tensorFlowPermissions } from "../src/runtime/permissions.ts";
import { peerCommand } from "./peers/environment.ts";
import type { Settings } from "./settings.ts";
import type { Step } from "./inputs/step.ts";
import type { Work } from "./calibrant/worker.ts";

/** CPU threads of everything that is measured. */
export const threads = 2;

/** What a kind of benchmark is given. */
export interface Bench {
  readonly settings: Settings;
  /** The project's folder. */
  readonly root: string;
  /** The pretrained encoder's, which holds the tokenizer. */
  readonly checkpoint: string;
  readonly config: TransformerConfig;
  /** For files of this run. */
  readonly folder: string;
  /** Whether the Python environment is there to compare with. */
  readonly peers: boolean;
  /** PyTorch's steps, where they are there too. */
  readonly torchSteps?: string;
  say(line: string): void;
}

/** The command of a Deno process that may load libtensorflow and write below artifacts, and nothing else. */
export function nativeCommand(script: string, args: readonly (string | number)[]): string[] {
  const { env, ffi } = tensorFlowPermissions;
  const run = [
    "run",
    "--no-prompt",
    "--quiet",
    "--allow-read",
    "--allow-write=artifacts",
    "--allow-run=head",
  ];
  // TensorFlow.js asks for the user's id before it reads a file.
  const permissions = [`--allow-env=${env.join()}`, `--allow-ffi=${ffi.join()}`, "--allow-sys=uid"];
  const path = fileURLToPath(new URL(script, import.meta.url));
  return [Deno.execPath(), ...run, ...permissions, path, ...args.map(String)];
}

/** The command of Calibrant's part in a comparison. */
export function ours({ folder }: Bench, work: Work, stepsFile: string): string[] {
  return nativeCommand("calibrant/worker.ts", [JSON.stringify(work), stepsFile, folder, threads]);
}

/** The command of PyTorch's part in a comparison, with the arguments of `torch_peer.py`; undefined where there is none. */
export function torchPeer(
  { peers, torchSteps }: Bench,
  args: readonly (string | number)[],
): ((precision: Precision) => string[]) | undefined {
  if (!peers || !torchSteps) return undefined;
  return (precision) =>
    peerCommand("torch_peer.py", [torchSteps, ...args, ...(precision === "bfloat16" ? ["--bf16"] : [])]);
}

/** What is said where PyTorch's part isn't there. */
export function withoutTorch({ peers, torchSteps }: Bench): string[] {
  if (torchSteps || !peers) return [];
  return [
    "PyTorch is left out: `peers/torch_step.py` is neither in `../shared` nor in the folder `CALIBRANT_SHARED`.",
  ];
}

/** Writes something as a JSON file of this run, and returns its path. */
export function writeFile({ folder }: Bench, name: string, content: unknown): string {
  const path = join(folder, `${name}.json`);
  Deno.writeTextFileSync(path, JSON.stringify(content));
  return path;
}

/** A file with one step of batches of the same shape, with any tokens: equal lengths, nothing to leave out. */
export function fixedSteps(
  bench: Bench,
  name: string,
  { rows, length }: { readonly rows: number; readonly length: number },
  batches = 1,
): string {
  // Any tokens but the first few, which are special.
  const token = (place: number) => 10 + (place * 7919) % (bench.config.vocabularySize - 10);
  const texts = (batch: number) =>
    Array.from(
      { length: rows },
      (_, row) => Array.from({ length }, (_, index) => token((batch * rows + row) * length + index)),
    );
  const step: Step = {
    tokens: batches * rows * length,
    batches: Array.from({ length: batches }, (_, batch) => ({
      texts: texts(batch),
      ...(batch === 0 ? { labels: Array.from({ length: rows }, (_, row) => row % 2) } : {}),
    })),
  };
  return writeFile(bench, name, [step]);
}
