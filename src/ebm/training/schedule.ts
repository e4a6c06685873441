/**
 * A linear warm-up to the peak, then a linear decay that would reach 0 one step after the last. Steps count
 * from 1.
 */
export interface Schedule {
  readonly peak: number;
  readonly warmupSteps: number;
  readonly steps: number;
}

/**
 * Returns the learning rate of a step. Step 1 has 1/warmupSteps of the peak, since at a rate of 0 it would
 * teach nothing.
 */
export function learningRate({ peak, warmupSteps, steps }: Schedule, step: number): number {
  if (step <= warmupSteps) return peak * step / warmupSteps;
  return peak * Math.max(0, steps - step + 1) / (steps - warmupSteps + 1);
}

/** The number of a step, counted from 1, and its learning rate. */
export interface Rate {
  readonly step: number;
  readonly learningRate: number;
}

/**
 * Returns the share of a weight that weight decay alone leaves after the first steps: Π (1 − learning rate ·
 * decay).
 *
 * @param lastStep the number of these steps
 */
export function remainingWeight(schedule: Schedule, weightDecay: number, lastStep: number): number {
  let remaining = 1;
  for (let step = 1; step <= lastStep; step++) {
    remaining *= 1 - learningRate(schedule, step) * weightDecay;
  }
  return remaining;
}
