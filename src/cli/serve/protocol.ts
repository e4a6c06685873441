/** What the thread that answers requests and the one that classifies texts say to each other. */

import type { AnswerOptions } from "../../inference/answer.ts";
import type { Mistake } from "../../errors.ts";
import type { Precision } from "../../graph/graph.ts";
import type { TransformerConfig } from "../../nn/config.ts";
import type { Sequence } from "../../nn/sequence.ts";
import type { Text } from "../../nn/text.ts";
import type { ModelInfo } from "../../server/schemas.ts";

/** The model to load, and how it answers. */
export interface LoadOptions extends AnswerOptions {
  /** An instance of the pipeline file, or a model's folder. */
  readonly model: string;
  readonly file: string;
  readonly precision: Precision | undefined;
  readonly threads: number;
  /** A folder that the process may write to. */
  readonly scratch: string;
}

/** What is told of a model when it is loaded. */
export interface Loaded {
  readonly info: ModelInfo;
  readonly config: TransformerConfig;
}

/** The first question is to load a model, the others are to classify texts. */
export type Question = { readonly load: LoadOptions } | { readonly texts: readonly (Text | Sequence)[] };

/** The answer to one question. A user's mistake can't be sent as an error, since its class would be lost. */
export type Reply = { readonly value: unknown } | { readonly mistake: Mistake } | { readonly error: unknown };
