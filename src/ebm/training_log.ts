import { InputError } from "../errors.ts";

/** What a training step reports; the numbers that every kind of step has, and others. */
export interface StepRecord {
  readonly step: number;
  readonly loss: number;
  readonly [figure: string]: number;
}

/** What a step did. */
export interface StepWork {
  readonly tokens: number;
  /** Floating-point operations. */
  readonly flops: number;
}

export interface TrainingLog {
  /** Takes a step's figures. Throws InputError where the loss is not finite or explodes. */
  add(record: StepRecord, work: StepWork): void;
  readonly records: readonly StepRecord[];
  /** One JSON line for every step. */
  lines(): string;
}

export interface TrainingLogOptions {
  /** Of the steps that are done already. */
  readonly records: readonly StepRecord[];
  readonly steps: number;
  /** Floating-point operations per second that the machine can do. */
  readonly peak: number;
  progress(done: number, total: number, text: string): void;
}

/** A loss this many times that of the first steps is taken for an explosion. */
const explosion = 20;
const firstSteps = 10;

/** Keeps a training run's figures, shows them as progress, and stops a run that has gone wrong. */
export function trainingLog({ records: earlier, steps, peak, progress }: TrainingLogOptions): TrainingLog {
  const records = [...earlier];
  const started = performance.now();
  let [tokensRead, flopsDone] = [0, 0];
  return {
    records,
    add(record, { tokens, flops }) {
      records.push(record);
      tokensRead += tokens;
      flopsDone += flops;
      checkLoss(record, records);
      // Rates are shown and not kept: what is kept must be the same in every run.
      const seconds = (performance.now() - started) / 1000;
      const speed = flopsDone / seconds;
      const rates = [
        `${Math.round(tokensRead / seconds)} tokens/s`,
        `${Math.round(speed / 1e9)} GFLOP/s (${Math.round(100 * speed / peak)} % of peak)`,
      ];
      progress(record.step, steps, [`loss ${record.loss.toFixed(3)}`, ...rates].join(", "));
    },
    lines: () => records.map((record) => `${JSON.stringify(record)}\n`).join(""),
  };
}

function checkLoss({ step, loss }: StepRecord, records: readonly StepRecord[]): void {
  const first = records.slice(0, firstSteps).map((record) => record.loss);
  const usual = first.reduce((a, b) => a + b) / first.length;
  if (Number.isFinite(loss) && Math.abs(loss) <= explosion * Math.max(1, usual)) return;
  throw new InputError({
    found: `a loss of ${loss} at step ${step}`,
    expected: `a finite loss below ${explosion} times that of the first steps`,
    fix: "Lower learningRate or energyWeight, or lengthen warmupSteps.",
  });
}
