/** Linear warm-up from 0 to the peak, then linear decay to 0 at the last step. Steps count from 1. */
export interface Schedule {
  readonly peak: number;
  readonly warmupSteps: number;
  readonly steps: number;
}

/** The learning rate of a step. As in the usual implementations, step 1 trains with 1/warm-up of the peak. */
export function learningRate({ peak, warmupSteps, steps }: Schedule, step: number): number {
  if (step <= warmupSteps) return peak * step / warmupSteps;
  return peak * Math.max(0, steps - step + 1) / (steps - warmupSteps + 1);
}

/** What weight decay alone leaves of a weight after all steps: Π (1 − learning rate · decay). */
export function remainingWeight(schedule: Schedule, weightDecay: number): number {
  let remaining = 1;
  for (let step = 1; step <= schedule.steps; step++) {
    remaining *= 1 - learningRate(schedule, step) * weightDecay;
  }
  return remaining;
}
