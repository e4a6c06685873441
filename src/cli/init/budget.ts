/** Decides how long and on how many tokens the classifiers of a new pipeline are trained. */

/** What a budget is made for. */
export interface BudgetInput {
  /** The rows to train on. */
  readonly rows: number;
  readonly classes: number;
  /** The tokens of some of the texts, special ones included. */
  readonly lengths: readonly number[];
  /** The cores of the machine. */
  readonly cores: number;
  /** Whether its CPU has instructions for bfloat16. */
  readonly hasBfloat16: boolean;
}

/** The settings of a pipeline's stages. */
export interface Budget {
  readonly batchSize: number;
  readonly steps: number;
  readonly warmupSteps: number;
  /** How often each row is trained on. */
  readonly epochs: number;
  readonly maxTokens: number;
  /** The share of the texts that `maxTokens` cuts. */
  readonly cut: number;
  readonly noiseSteps: number;
  readonly samplesPerText: number;
  readonly precision: "bfloat16" | "float32";
  readonly cpu: number;
}

const epochs = 5;
const batchSize = 16;

/** Fewer steps teach little; more take days on a CPU, so that a person should decide on them. */
const [leastSteps, mostSteps] = [100, 10_000];

/** A class should be seen so often, however few rows there are: in so many steps for each class. */
const stepsPerClass = 10;

/** The masked prefix, the text and a few special tokens have to fit into the encoder's 512 positions. */
const mostTokens = 248;

/** Samples that are no texts are dropped, so that a few more are drawn than there is need for. */
const spareSamples = 1.1;

/** Decides on a budget. */
export function budgetFor({ rows, classes, lengths, cores, hasBfloat16 }: BudgetInput): Budget {
  const wanted = Math.max(epochs * rows / batchSize, stepsPerClass * classes, leastSteps);
  const steps = Math.ceil(Math.min(wanted, mostSteps));
  const passes = steps * batchSize / rows;
  const sorted = lengths.toSorted((a, b) => a - b);
  const longest = sorted[Math.ceil(0.99 * sorted.length) - 1];
  const maxTokens = Math.min(mostTokens, Math.max(16, 8 * Math.ceil(longest / 8)));
  return {
    batchSize,
    steps,
    warmupSteps: Math.round(0.06 * steps),
    epochs: passes,
    maxTokens,
    cut: lengths.filter((length) => length > maxTokens).length / lengths.length,
    noiseSteps: Math.min(1000, Math.max(240, Math.round(rows / batchSize))),
    samplesPerText: Math.ceil(spareSamples * passes),
    precision: hasBfloat16 ? "bfloat16" : "float32",
    cpu: Math.min(cores, 8), // a batch of 16 texts keeps no more busy
  };
}
