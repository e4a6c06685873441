import type { Step } from "../inputs/step.ts";

/** Does one step and returns how many tokens mattered in it. */
export type Perform = (step: Step) => number | Promise<number>;

/** How the programs of all works are run. */
export interface WorkOptions {
  /** Path of a folder for temporary files. */
  readonly scratch: string;
  readonly threads: number;
}
