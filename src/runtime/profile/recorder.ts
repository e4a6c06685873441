import { type TracedRun, tracedRun } from "./traced_operations.ts";

/** A run that was traced. */
export interface ProfiledRun extends TracedRun {
  /** The time from the call to its return, in which feeds and fetches were copied as well. */
  readonly milliseconds: number;
  /** The number of tokens that were fed. */
  readonly tokens: number;
}

/** The runs of one signature. */
export interface SignatureProfile {
  readonly name: string;
  readonly runs: number;
  /** The time of all runs together. */
  readonly milliseconds: number;
  readonly traced: readonly ProfiledRun[];
}

/**
 * The runs of a signature before the first that is traced. In these, TensorFlow still optimizes its graph and
 * memory is new.
 */
export const warmUpRuns = 3;
const tracedRuns = 10;

/** Collects the runs that a profile is made from. */
export interface Recorder {
  /** Tells whether the signature's next run is to be traced. */
  wants(signature: string): boolean;
  /** Adds a run. `metadata` is its encoded RunMetadata, where it was traced. */
  add(signature: string, milliseconds: number, tokens: number, metadata?: Uint8Array): void;
  /** Returns the signatures that ran, those that took the most time first. */
  signatures(): readonly SignatureProfile[];
}

/** Makes a recorder that knows no runs yet. */
export function makeRecorder(): Recorder {
  const found = new Map<string, { runs: number; milliseconds: number; traced: ProfiledRun[] }>();
  return {
    wants(signature) {
      const { runs, traced } = found.get(signature) ?? { runs: 0, traced: [] };
      return runs >= warmUpRuns && traced.length < tracedRuns;
    },
    add(signature, milliseconds, tokens, metadata) {
      const known = found.get(signature) ?? { runs: 0, milliseconds: 0, traced: [] };
      known.runs++;
      known.milliseconds += milliseconds;
      if (metadata) known.traced.push({ ...tracedRun(metadata), milliseconds, tokens });
      found.set(signature, known);
    },
    signatures: () =>
      Array.from(found, ([name, known]) => ({ name, ...known })).sort((a, b) =>
        b.milliseconds - a.milliseconds
      ),
  };
}
