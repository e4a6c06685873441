import type { TransformerConfig } from "../src/nn/config.ts";
import type { Settings } from "./settings.ts";

/** One kind of benchmark, which measures and words its section of the page. */
export type Benchmark = (bench: Bench) => Promise<Findings>;

/** What every kind of benchmark is given. */
export interface Bench {
  readonly settings: Settings;
  /** Path of the project's folder. */
  readonly root: string;
  /** Path of the pretrained encoder's folder, which also holds the tokenizer. */
  readonly checkpoint: string;
  /** Sizes of the encoder that is measured. */
  readonly config: TransformerConfig;
  /** Path of a folder for this run's files, which is deleted at the end. */
  readonly folder: string;
  /** Whether the Python environment with the programs to compare with is installed. */
  readonly peers: boolean;
  /** The system's load when the run began: about how many threads of other programs competed for the cores. */
  readonly load: number;
  /** Tells the person who waits how far the run has come. */
  say(line: string): void;
}

/** What a kind of benchmark has found. */
export interface Findings {
  /** Markdown for its section of the page, without the heading. */
  readonly text: string;
  /** A drawing to be written beside the page. */
  readonly plot?: { readonly file: string; readonly svg: string };
  /** Why the run has to fail, where what was found must not be. */
  readonly failure?: string;
}
