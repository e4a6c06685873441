/** A linear warm-up to the peak and then a linear decay to 0, which the step after the last would have. Steps count from 1. */
export interface Schedule {
  readonly peak: number;
  readonly warmupSteps: number;
  readonly steps: number;
}

/** The learning rate of a step. Step 1 has 1/warmupSteps of the peak: at a rate of 0 it would teach nothing. */
export function learningRate({ peak, warmupSteps, steps }: Schedule, step: number): number {
  if (step <= warmupSteps) return peak * step / warmupSteps;
  return peak * Math.max(0, steps - step + 1) / (steps - warmupSteps + 1);
}

/** A step's number, from 1, and its learning rate. */
export interface Rate {
  readonly step: number;
  readonly learningRate: number;
}

/** The share of a weight that is left after all steps where only weight decay changes it: Π (1 − learning rate · decay). */
export function remainingWeight(schedule: Schedule, weightDecay: number): number {
  let remaining = 1;
  for (let step = 1; step <= schedule.steps; step++) {
    remaining *= 1 - learningRate(schedule, step) * weightDecay;
  }
  return remaining;
}
