import type { ClassifierWork } from "../calibrant/classifier.ts";
import type { InferenceWork } from "../calibrant/inference.ts";
import type { NoiseModelWork } from "../calibrant/noise_model.ts";
import type { Command } from "../command.ts";
import { threads } from "../settings.ts";
import { peerCommand } from "./environment.ts";

/** The work that PyTorch does too. */
export type TorchWork = ClassifierWork | InferenceWork | NoiseModelWork;

/** How PyTorch does a classifier's work, where it isn't padded to the longest text and eager. */
export interface TorchOptions {
  /** Texts are padded to a multiple of this length. */
  readonly padTo?: number;
  readonly compiled?: boolean;
}

/** Makes the command of a process that does one work with PyTorch on the steps of a file. */
export function torchCommand(work: TorchWork & TorchOptions, stepsFile: string): Command {
  return peerCommand("torch_peer.py", [JSON.stringify(work), stepsFile, threads]);
}
