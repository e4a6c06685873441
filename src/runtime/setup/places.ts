import { join } from "node:path";

/** Where set-up keeps what: absolute paths. */
export interface Places {
  readonly root: string;
  readonly setup: string;
  /** What was made, written last. */
  readonly stamp: string;
  /** The stamp while set-up is at work. */
  readonly journal: string;
  readonly lock: string;
  /** Whole downloads, until they are unpacked. */
  readonly downloads: string;
  /** Half-made things, of no use to a later run. */
  readonly work: string;
}

/** The places below a project's root. */
export function placesIn(root: string): Places {
  const setup = join(root, "artifacts", "setup");
  return {
    root,
    setup,
    stamp: join(setup, "stamp.json"),
    journal: join(setup, ".journal.json"),
    lock: join(setup, ".lock"),
    downloads: join(setup, ".downloads"),
    work: join(setup, ".work"),
  };
}
