import { readFile } from "node:fs/promises";
import { z } from "zod";
import { InputError } from "../errors.ts";
import type { VariantComparison } from "./comparison.ts";
import type { Distributions } from "./distributions.ts";
import type { Evaluation } from "./evaluation.ts";
import type { Mistake } from "./mistakes.ts";
import type { Slices } from "./slices.ts";
import { curveSchema, type TrainingCurve } from "./training_curve.ts";

/** What the stage train-noise-model measures. */
export const noiseModelSchema = z.strictObject({
  objective: z.string().describe("What the noise model was trained for."),
  perplexity: z.number().min(1).describe(
    "Perplexity per token of held-out texts, given their masked prefix.",
  ),
  evaluatedTokens: z.int().min(1),
  maskRate: z.number().min(0).max(1),
  steps: z.int().min(0).describe("The steps that were taken."),
  keptStep: z.int().min(0).describe("The step whose weights were kept."),
});

export type NoiseModelFigures = z.output<typeof noiseModelSchema>;

const drawnSchema = z.strictObject({ drawn: z.int().min(0), kept: z.int().min(0) });

const share = z.number().min(0).max(1);

/** What the stages that draw noise count and measure. */
export const noiseSchema = z.strictObject({
  train: drawnSchema,
  evaluation: drawnSchema,
  strength: z.strictObject({
    texts: z.int().min(0),
    repeats: z.strictObject({ noise: share, data: share }).describe("Texts that repeat a token at once."),
    bagOfWordsAccuracy: share.nullable().describe("How often counts of tokens tell noise from data."),
  }),
});

type Noise = z.output<typeof noiseSchema>;

/**
 * Joins the figures of several pools. The noise to train on is that of all of them; what is evaluated and
 * measured is the first one's.
 */
export function joinNoise(pools: readonly Noise[]): Noise {
  const sum = (count: "drawn" | "kept") => pools.reduce((total, { train }) => total + train[count], 0);
  return { ...pools[0], train: { drawn: sum("drawn"), kept: sum("kept") } };
}

/** How many rows a split has. */
export interface SplitCounts {
  readonly rows: number;
  /** The number of rows of each class. */
  readonly perClass: readonly number[];
}

/** All results that the report shows, which are also written as `results.json`. */
export interface Results {
  readonly title: string;
  /** What a reader has to know of the trainings. */
  readonly note?: string | undefined;
  /** The SHA-256 of the files that the report was made of, where there is a single one. */
  readonly sources: { readonly data: string; readonly comparison: string };
  readonly data: {
    readonly classes: readonly string[];
    readonly splits: Readonly<Record<string, SplitCounts>>;
  };
  /** Undefined where the noise comes from a model that wasn't trained for it. */
  readonly noiseModel: NoiseModelFigures | undefined;
  readonly noise: Noise;
  /** Sorted by variant, in the order in which variants are shown, and then by seed. */
  readonly evaluations: readonly Evaluation[];
  readonly comparison: VariantComparison;
  /** Of each variant's first training, in the report's order. */
  readonly distributions: readonly Distributions[];
  /** Of the same trainings. */
  readonly slices: readonly Slices[];
  /** Of the same trainings, the surest first. */
  readonly mistakes: readonly Mistake[];
}

const knownVariants = [
  "baseline",
  "mc-dropout",
  "label-smoothing",
  "focal",
  "poscal",
  "scalar",
  "hidden",
  "sharp-hidden",
  "negated-scalar",
  "negated-hidden",
  "negated-sharp-hidden",
  "labelled",
  "self-labelled-noise",
];

/**
 * Sorts trainings: the baseline first, then other variants without an energy, then the method's energies,
 * then unknown variants by name; each variant by seed.
 */
export function inReportOrder<Run extends { readonly variant: string; readonly seed: number }>(
  runs: Iterable<Run>,
): Run[] {
  const rank = ({ variant }: Run) => {
    const known = knownVariants.indexOf(variant);
    return known < 0 ? knownVariants.length : known;
  };
  const byName = (a: Run, b: Run) => a.variant === b.variant ? 0 : a.variant < b.variant ? -1 : 1;
  return [...runs].sort((a, b) => rank(a) - rank(b) || byName(a, b) || a.seed - b.seed);
}

/**
 * Reads a stage's `metrics.json`.
 *
 * @throws {InputError} where it holds something else; the message names the first field that is wrong.
 */
export async function readMetrics<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  return parseMetrics(await readFile(file, "utf8"), file, schema);
}

/** Reads the `tune.jsonl` or `training.jsonl` that finetune writes, as `readMetrics` reads JSON. */
export async function readCurve(file: string): Promise<TrainingCurve> {
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
  return parseMetrics(`[${lines.join(",")}]`, file, curveSchema);
}

function parseMetrics<Schema extends z.ZodType>(
  text: string,
  file: string,
  schema: Schema,
): z.output<Schema> {
  const parsed = schema.safeParse(parseJson(text, file));
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw notMetrics(file, `${path.join(".") || "the whole"}: ${message}`);
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw notMetrics(file, cause instanceof Error ? cause.message : String(cause));
  }
}

function notMetrics(file: string, found: string): InputError {
  const fix = "Run the stage that wrote it again with --force.";
  return new InputError({ at: { file }, found, expected: "the figures that the stage writes", fix });
}
