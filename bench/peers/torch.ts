import type { ClassifierWork } from "../calibrant/classifier.ts";
import type { InferenceWork } from "../calibrant/inference.ts";
import type { NoiseModelWork } from "../calibrant/noise_model.ts";
import type { Command } from "../command.ts";
import { threads } from "../settings.ts";
import { peerCommand } from "./environment.ts";

/** The work that PyTorch does too. */
export type TorchWork = ClassifierWork | InferenceWork | NoiseModelWork;

/** Makes the command of a process that does one work with PyTorch on the steps of a file. */
export function torchCommand(work: TorchWork, stepsFile: string): Command {
  return peerCommand("torch_peer.py", [JSON.stringify(work), stepsFile, threads]);
}
