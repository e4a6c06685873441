import { join } from "node:path";
import { InputError } from "../errors.ts";
import type { Graph, Tensor } from "../graph/graph.ts";
import { add, gelu, geluTanh, matmul } from "../graph/ops.ts";
import { wordEmbeddings } from "./bert.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { linear, normalize } from "./layers.ts";
import type { TransformerConfig } from "./config.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** The names of the parts of a family's masked-language-modelling head. */
interface HeadNames {
  readonly dense: string;
  readonly norm: string;
  readonly bias: string;
}

const heads: Readonly<Partial<Record<TransformerConfig["family"], HeadNames>>> = {
  bert: {
    dense: "cls.predictions.transform.dense",
    norm: "cls.predictions.transform.LayerNorm",
    bias: "cls.predictions.bias",
  },
  roberta: { dense: "lm_head.dense", norm: "lm_head.layer_norm", bias: "lm_head.bias" },
};

/**
 * Builds the masked-language-modelling head of BERT or RoBERTa, dense → activation → layer norm → word
 * embeddings: states [masked, hidden] give the logits of the tokens that were masked [masked, vocabulary].
 */
export function maskedTokenLogits(graph: Graph, config: TransformerConfig, states: Tensor): Tensor {
  const { family, hiddenSize, vocabularySize, layerNormEpsilon, activation } = config;
  const names = heads[family]!;
  // RoBERTa's head has GELU whatever activation the layers have.
  const activate = family === "bert" && activation === "gelu_new" ? geluTanh : gelu;
  const activated = activate(linear(graph, states, names.dense, hiddenSize)); // [masked, hidden]
  const normalized = normalize(graph, activated, names.norm, layerNormEpsilon);
  const table = graph.variable(`${wordEmbeddings}.weight`, [vocabularySize, hiddenSize]).value;
  const bias = graph.variable(names.bias, [vocabularySize]).value;
  return add(matmul(normalized, table, { transposeB: true }), bias);
}

/** Throws InputError where a checkpoint isn't BERT's or RoBERTa's with a masked-language-modelling head. */
export function checkMaskedLm({ folder, config: { family }, weights }: Checkpoint): void {
  const names = heads[family];
  if (names && weights.has(names.bias)) return;
  throw new InputError({
    at: { file: join(folder, "model.safetensors") },
    found: names ? `no tensor "${names.bias}"` : `a model of the family ${family}`,
    expected: "BERT or RoBERTa with the head that it was pretrained with, which predicts masked tokens",
    fix: "Name such a checkpoint's folder; sentence encoders and classifiers have lost this head.",
  });
}

/** The special tokens of an encoder that fills masks, by their ids. */
export interface MaskTokens {
  readonly mask: number;
  /** The tokens that stand around texts. */
  readonly frame: ReadonlySet<number>;
  /** The tokens that no mask may be filled with: those around texts, the mask, the padding, the unknown one. */
  readonly never: readonly number[];
}

/** Finds the special tokens. Throws InputError where the tokenizer has no mask. */
export function maskTokens(
  tokenizer: Pick<Tokenizer, "encode" | "tokenToId">,
  { folder, config: { vocabularySize } }: Pick<Checkpoint, "folder" | "config">,
): MaskTokens {
  const known = (...names: readonly string[]) => names.flatMap((name) => tokenizer.tokenToId(name) ?? []);
  const [mask] = known("[MASK]", "<mask>");
  if (mask === undefined) {
    throw new InputError({
      at: { file: join(folder, "tokenizer.json") },
      found: "neither [MASK] nor <mask>",
      expected: "the token that stands for a masked one",
      fix: "Name a checkpoint of BERT or RoBERTa with its own tokenizer.",
    });
  }
  const frame = new Set(tokenizer.encode("", "", 16).ids);
  const never = [...frame, mask, ...known("[PAD]", "<pad>", "[UNK]", "<unk>")];
  return { mask, frame, never: never.filter((id) => id < vocabularySize) };
}
