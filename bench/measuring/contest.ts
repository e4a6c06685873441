import type { Precision } from "../../src/graph/graph.ts";
import type { Command } from "../command.ts";
import { inTurn, type Measurement, type Pace } from "./turns.ts";

/** Works of Calibrant's and one of another program's, all of which take turns. */
export interface Contest {
  /** The command of each work in a precision, by the work's name. */
  readonly ours: Readonly<Record<string, (precision: Precision) => Command>>;
  readonly ourPrecisions: readonly Precision[];
  /** The other program's command; undefined where there is nothing to compare with. */
  readonly peer: ((precision: Precision) => Command) | undefined;
  readonly peerPrecisions: readonly Precision[];
  readonly pace: Pace;
}

/** What was measured in each precision. */
export type ByPrecision = Readonly<Partial<Record<Precision, Measurement>>>;

/** One work of Calibrant's beside the other program's. */
export interface Result {
  /** The work's name. */
  readonly name: string;
  readonly ours: ByPrecision;
  readonly peer: ByPrecision;
}

/** Lets all of them take turns, and returns a result for each work of Calibrant's. */
export async function hold({ ours, ourPrecisions, peer, peerPrecisions, pace }: Contest): Promise<Result[]> {
  const commands: Record<string, Command> = {};
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
