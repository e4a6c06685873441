import type { Precision } from "../../src/graph/graph.ts";
import { hasBfloat16 } from "../../src/runtime/machine.ts";
import type { Bench } from "../benchmark.ts";
import type { Command } from "../command.ts";
import { threads } from "../settings.ts";
import { peerCommand } from "./environment.ts";

/** A program that predicts with a classifier's folder. */
export interface Predictor {
  readonly name: string;
  /** What it computes in; int8 is ONNX Runtime's dynamic quantisation. */
  readonly precision: Precision | "int8";
}

const ours = "Calibrant";

/** The other programs by their names in predictors.py, in all precisions that they have on a CPU of this kind. */
const peers: readonly (Predictor & { readonly program: string })[] = [
  { name: "PyTorch", program: "pytorch", precision: "float32" },
  { name: "PyTorch", program: "pytorch", precision: "bfloat16" },
  { name: "ONNX Runtime", program: "onnxruntime", precision: "float32" },
  { name: "ONNX Runtime", program: "onnxruntime", precision: "int8" },
  { name: "OpenVINO", program: "openvino", precision: "float32" },
  { name: "OpenVINO", program: "openvino", precision: "bfloat16" },
];

/** Says, where it is so, that figures in bfloat16 mean little here. */
export function bfloat16Note(): string {
  if (hasBfloat16()) return "";
  return " This CPU has no products in bfloat16: they take longer than in float32, and OpenVINO has none.";
}

/** A predictor and the command that lets it do its part. */
export interface Contestant extends Predictor {
  readonly isOurs: boolean;
  readonly command: Command;
}

/**
 * Lists Calibrant and, where they are installed, the other programs.
 *
 * @param command Makes Calibrant's command in a precision.
 * @param script The script of bench/peers that does the others' part.
 * @param args What the script is given besides: the classifier's folder, and what comes after the threads.
 */
export function contestants(
  bench: Bench,
  command: (precision: Precision) => Command,
  script: string,
  [folder, ...more]: readonly string[],
): readonly Contestant[] {
  const our = bench.settings.precisions.map((precision) => ({
    ...{ name: ours, precision, isOurs: true, command: command(precision) },
  }));
  // Without instructions for it, OpenVINO computes in float32 and doesn't say so.
  const present = peers.filter(({ program, precision }) =>
    program !== "openvino" || precision !== "bfloat16" || hasBfloat16()
  );
  const their = present.map(({ program, ...peer }) => ({
    ...{
      ...peer,
      isOurs: false,
      command: peerCommand(script, [program, peer.precision, folder, threads, ...more]),
    },
  }));
  return [...our, ...(bench.peers ? their : [])];
}
