import { InputError } from "../../errors.ts";

/** The figures of a training step: the loss, and others that depend on what is trained. */
export interface StepFigures {
  readonly loss: number;
  readonly [figure: string]: number;
}

/** A step's figures with its number, from 1. */
export interface StepRecord extends StepFigures {
  readonly step: number;
}

/** The work that a step took, from which the speed is shown. */
export interface StepWork {
  readonly tokens: number;
  /** The floating-point operations of its matrix products. */
  readonly flops: number;
}

/** The figures of a training, step by step. */
export interface TrainingLog {
  /** Adds a step's figures. Throws InputError where one of them isn't finite or the loss explodes. */
  add(record: StepRecord, work: StepWork): void;
  readonly records: readonly StepRecord[];
}

export interface TrainingLogOptions {
  /** The records of the steps that an earlier attempt did. */
  readonly records: readonly StepRecord[];
  readonly steps: number;
  /** The most floating-point operations per second that the machine was seen to do before the training. */
  readonly peak: number;
  progress(done: number, total: number, text: string): void;
}

/** A loss that is this many times the median of the first steps' losses counts as an explosion. */
const explosion = 20;
const firstSteps = 10;

const fix = "Lower learningRate, or energyWeight where there is an energy, or lengthen warmupSteps.";

/**
 * Opens a log that keeps a training's figures, shows them as progress, and stops a training that goes wrong.
 */
export function trainingLog({ records: earlier, steps, peak, progress }: TrainingLogOptions): TrainingLog {
  const records = [...earlier];
  const started = performance.now();
  let [tokensRead, flopsDone] = [0, 0];
  return {
    records,
    add(record, { tokens, flops }) {
      checkFinite(record);
      checkExplosion(record, records);
      records.push(record);
      tokensRead += tokens;
      flopsDone += flops;
      // Rates are shown and not kept, since what is kept must be the same in every run.
      const seconds = (performance.now() - started) / 1000;
      const speed = flopsDone / seconds;
      // A peak below the speed was measured while other programs kept the machine busy, and says nothing.
      const share = speed <= peak ? ` (${Math.round(100 * speed / peak)} % of peak)` : "";
      const rates = [
        `${Math.round(tokensRead / seconds)} tokens/s`,
        `${Math.round(speed / 1e9)} GFLOP/s${share}`,
      ];
      progress(record.step, steps, [`loss ${record.loss.toFixed(3)}`, ...rates].join(", "));
    },
  };
}

/** Writes records as JSON Lines. */
export function jsonLines(records: readonly object[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

/**
 * Throws InputError where one of a step's figures isn't finite.
 */
export function checkFinite(record: Readonly<Record<string, number>>): void {
  for (const [figure, value] of Object.entries(record)) {
    if (Number.isFinite(value)) continue;
    throw new InputError({ found: `${figure} = ${value} at step ${record.step}`, expected: "a number", fix });
  }
}

function checkExplosion(record: StepRecord, earlier: readonly StepRecord[]): void {
  const first = earlier.slice(0, firstSteps).map(({ loss }) => loss).sort((a, b) => a - b);
  if (first.length === 0) return;
  const usual = Math.max(1, first[Math.floor(first.length / 2)]);
  if (Math.abs(record.loss) <= explosion * usual) return;
  throw new InputError({
    found: `a loss of ${record.loss} at step ${record.step}`,
    expected: `at most ${explosion} times that of the first steps, ${explosion * usual}`,
    fix,
  });
}
