/**
 * Noise without a noise model of one's own: a pretrained encoder with its masked-language-modelling head
 * fills the masks of a text, all of them from one reading of the masked text.
 */
import { Graph, type Precision } from "../../graph/graph.ts";
import { gather } from "../../graph/ops.ts";
import { compileTrained, type Program } from "../../graph/program.ts";
import { attendWithin } from "../../nn/attention.ts";
import { bert } from "../../nn/bert.ts";
import { type Checkpoint, initialValues } from "../../nn/checkpoint.ts";
import { keep } from "../../nn/layers.ts";
import { maskedTokenLogits } from "../../nn/masked_lm.ts";
import { pack, packedInputs, vector } from "../../nn/packing.ts";
import type { Sequence } from "../../nn/sequence.ts";
import type { RandomStream } from "../../random.ts";
import type { Session } from "../../runtime/session.ts";
import { type DrawOptions, drawToken } from "./draw.ts";

/**
 * Builds the program that fills masks: `fill` draws a token for each of the `masked` tokens of a batch, and
 * `predict` gives their logits.
 */
export function fillingProgram(
  checkpoint: Checkpoint,
  { precision, ...drawing }: DrawOptions & { readonly precision: Precision },
): Program<"fill" | "predict"> {
  const { config } = checkpoint;
  const graph = new Graph(precision);
  const inputs = packedInputs(graph);
  const masked = graph.placeholder("masked", "int32", ["masked"]);
  const seed = graph.placeholder("seed", "int32", []);
  const attend = (places?: typeof masked) => attendWithin(inputs.packing, config, keep, places);
  const states = bert(graph, config, inputs, attend(), keep, {
    tokens: masked,
    attend: attend(gather(inputs.packing.tokens.places, masked)),
  }); // [masked, hidden]
  const logits = maskedTokenLogits(graph, config, states);
  const drawn = drawToken(logits, drawing, seed);
  const weights = initialValues(graph.variables.values(), checkpoint);
  return compileTrained(graph, weights, {
    fill: { inputs: { ...inputs.feeds, masked, seed }, outputs: { drawn } },
    predict: { inputs: { ...inputs.feeds, masked }, outputs: { logits } },
  });
}

/** Masks each token that isn't special with a probability, one mask for each. */
export function withMasks(
  { ids, typeIds }: Sequence,
  mask: number,
  maskRate: number,
  isSpecial: (id: number) => boolean,
  random: RandomStream,
): Sequence {
  return {
    ids: Array.from(ids, (id) => !isSpecial(id) && random.next() < maskRate ? mask : id),
    typeIds,
  };
}

/** Fills the masks of texts, and returns the ids of each. */
export function fillMasks(
  session: Pick<Session<"fill">, "run">,
  texts: readonly Sequence[],
  { mask, firstPosition }: { readonly mask: number; readonly firstPosition: number },
  seed: number,
): number[][] {
  const tokens = texts.flatMap(({ ids }) => Array.from(ids));
  const masked = [...tokens.keys()].filter((token) => tokens[token] === mask);
  if (masked.length > 0) {
    const feeds = { ...pack(texts, firstPosition, false), masked: vector(masked), seed };
    const drawn = session.run("fill", feeds).integers("drawn");
    masked.forEach((token, index) => tokens[token] = drawn[index]);
  }
  let start = 0;
  return texts.map(({ ids }) => tokens.slice(start, start += ids.length));
}
