import { join } from "node:path";

/** The absolute paths of the places where set-up keeps its files. */
export interface Places {
  readonly root: string;
  readonly setup: string;
  /** The record of what was made, which is written last. */
  readonly stamp: string;
  /** The record of what has been made so far, while set-up is at work. */
  readonly journal: string;
  readonly lock: string;
  /** Complete downloads, which are kept until they are unpacked. */
  readonly downloads: string;
  /** Half-made things, which are of no use to a later run. */
  readonly work: string;
}

/** Returns the places below a project's root. */
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
