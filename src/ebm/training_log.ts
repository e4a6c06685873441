import { InputError } from "../errors.ts";

/** What a training step reports; the numbers that every kind of step has, and others. */
export interface StepRecord {
  readonly step: number;
  readonly loss: number;
  readonly [figure: string]: number;
}

export interface TrainingLog {
  /** Takes a step's figures and the number of tokens it read. Throws InputError where the loss is not finite or explodes. */
  add(record: StepRecord, tokens: number): void;
  /** One JSON line for every step. */
  lines(): string;
}

export interface TrainingLogOptions {
  readonly steps: number;
  progress(done: number, total: number, text: string): void;
}

/** A loss this many times that of the first steps is taken for an explosion. */
const explosion = 20;
const firstSteps = 10;

/** Keeps a training run's figures, shows them as progress, and stops a run that has gone wrong. */
export function trainingLog({ steps, progress }: TrainingLogOptions): TrainingLog {
  const records: StepRecord[] = [];
  const started = performance.now();
  let tokensRead = 0;
  return {
    add(record, tokens) {
      records.push(record);
      tokensRead += tokens;
      checkLoss(record, records);
      // The rate is shown and not kept: what is kept must be the same in every run.
      const rate = Math.round(tokensRead / (performance.now() - started) * 1000);
      progress(record.step, steps, `loss ${record.loss.toFixed(3)}, ${rate} tokens/s`);
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
