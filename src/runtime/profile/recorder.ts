import { type TracedRun, tracedRun } from "./traced_operations.ts";

/** A run that was traced. */
export interface ProfiledRun extends TracedRun {
  /** From the call to its return, feeds and fetches copied. */
  readonly milliseconds: number;
  /** How many tokens were fed, as `ids`. */
  readonly tokens: number;
}

/** What is known of a signature's runs. */
export interface SignatureProfile {
  readonly name: string;
  readonly runs: number;
  /** Of all runs. */
  readonly milliseconds: number;
  readonly traced: readonly ProfiledRun[];
}

/** Runs of a signature before the first that is traced: TensorFlow still optimizes its graph, and memory is new. */
export const warmUpRuns = 3;
const tracedRuns = 10;

export interface Recorder {
  /** Whether the signature's next run is to be traced. */
  wants(signature: string): boolean;
  /** Takes a run. `metadata`: its encoded RunMetadata, where it was traced. */
  add(signature: string, milliseconds: number, tokens: number, metadata?: Uint8Array): void;
  /** The signatures that ran, those that took the most time first. */
  signatures(): readonly SignatureProfile[];
}

/** Collects what a profile is made of. */
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
