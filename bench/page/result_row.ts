import type { ByPrecision, Result } from "../measuring/contest.ts";
import { type Measurement, stepTime, tokenRate } from "../measuring/turns.ts";
import { count, ratio } from "./table.ts";

/**
 * How many times as fast as the other program Calibrant is to be; a comparison that is left out has no goal.
 */
export interface Goals {
  /** Both in float32. */
  readonly float32?: number;
  /** Calibrant in bfloat16, the other in float32. */
  readonly bfloat16?: number;
  /** Both in bfloat16. */
  readonly bothBfloat16?: number;
}

/** The headings of `resultRow`'s cells. */
export function resultHeadings(work: string, peer: string): string[] {
  return [
    work,
    "float32",
    "bf16",
    `${peer} float32`,
    `${peer} bf16`,
    "float32 : float32",
    "bf16 : float32",
    "bf16 : bf16",
    "peak MiB",
    `${peer} peak MiB`,
  ];
}

/**
 * A result's medians, how fast Calibrant is beside the other program, with the goal, and each process's peak
 * memory.
 */
export function resultRow(
  { name, ours, peer }: Result,
  unit: "milliseconds" | "tokens",
  { float32, bfloat16, bothBfloat16 }: Goals = {},
): string[] {
  const figure = (measured: Measurement | undefined) =>
    measured === undefined
      ? "–"
      : unit === "tokens"
      ? `${count(tokenRate(measured))}/s`
      : `${stepTime(measured).toFixed(0)} ms`;
  const peaks = ({ float32, bfloat16 }: ByPrecision) =>
    [float32, bfloat16].map((measured) => measured ? count(measured.peakMebibytes) : "–").join(" · ");
  const against = (our: Measurement | undefined, their: Measurement | undefined, goal: number | undefined) =>
    our && their ? ratio(tokenRate(our) / tokenRate(their), goal) : "–";
  return [
    name,
    figure(ours.float32),
    figure(ours.bfloat16),
    figure(peer.float32),
    figure(peer.bfloat16),
    against(ours.float32, peer.float32, float32),
    against(ours.bfloat16, peer.float32, bfloat16),
    against(ours.bfloat16, peer.bfloat16, bothBfloat16),
    peaks(ours),
    peaks(peer),
  ];
}
