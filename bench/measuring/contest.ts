import type { Precision } from "../../src/graph/graph.ts";
import { inTurn, type Measurement, type Pace, stepTime, tokenRate } from "./turns.ts";
import { count, ratio } from "../page/table.ts";

/** Works of ours that compete with one of a peer's, all in turn. */
export interface Contest {
  /** By the name of the work: the command for each precision. */
  readonly ours: Readonly<Record<string, (precision: Precision) => readonly string[]>>;
  readonly ourPrecisions: readonly Precision[];
  /** The peer's command; undefined where there is no peer. */
  readonly peer?: (precision: Precision) => readonly string[];
  readonly peerPrecisions: readonly Precision[];
  readonly pace: Pace;
}

type ByPrecision = Readonly<Partial<Record<Precision, Measurement>>>;

export interface Result {
  readonly name: string;
  readonly ours: ByPrecision;
  readonly peer: ByPrecision;
}

/** Lets them all take turns, and returns a result for each work of ours. */
export async function hold({ ours, ourPrecisions, peer, peerPrecisions, pace }: Contest): Promise<Result[]> {
  const commands: Record<string, readonly string[]> = {};
  for (const precision of ourPrecisions) {
    for (const [name, command] of Object.entries(ours)) commands[`${name} ${precision}`] = command(precision);
  }
  for (const precision of peer ? peerPrecisions : []) commands[`peer ${precision}`] = peer!(precision);
  const measured = await inTurn(commands, pace);
  const byPrecision = (name: string, precisions: readonly Precision[]): ByPrecision =>
    Object.fromEntries(precisions.map((precision) => [precision, measured[`${name} ${precision}`]]));
  return Object.keys(ours).map((name) => ({
    name,
    ours: byPrecision(name, ourPrecisions),
    peer: peer ? byPrecision("peer", peerPrecisions) : {},
  }));
}

/** How many times as fast as the peer we are to be; those left out are not asked for. */
export interface Goals {
  readonly float32?: number;
  /** bfloat16 against the peer's float32. */
  readonly bfloat16?: number;
  /** bfloat16 against the peer's bfloat16. */
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

/** Medians, speed relative to the peer's with the goal, and the most memory of each process. */
export function resultRow(
  { name, ours, peer }: Result,
  unit: "milliseconds" | "tokens",
  { float32, bfloat16, bothBfloat16 }: Goals = {},
): string[] {
  const figure = (of?: Measurement) =>
    of === undefined
      ? "–"
      : unit === "tokens"
      ? `${count(tokenRate(of))}/s`
      : `${stepTime(of).toFixed(0)} ms`;
  const peaks = (of: ByPrecision) =>
    [of.float32, of.bfloat16].map((measured) => measured ? count(measured.peakMebibytes) : "–").join(" · ");
  const against = (our?: Measurement, their?: Measurement, goal?: number) =>
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
