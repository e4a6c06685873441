import { InputError } from "../../errors.ts";

/** A convex function of a vector, with what is needed to find its minimum. */
export interface ConvexFunction {
  value(point: Float64Array): number;
  /** Returns the gradient at a point, and a function that multiplies the Hessian there with a direction. */
  slopes(point: Float64Array): {
    readonly gradient: Float64Array;
    hessianTimes(direction: Float64Array): Float64Array;
  };
}

/** The number of steps after which less than full precision has to do. */
const manySteps = 200;

/**
 * Finds where a convex function is least, by Newton's method. Its linear systems are solved by conjugate
 * gradients, so that the Hessian is never written down. Steps are halved until the value falls as much as the
 * slope promises; where rounding has spoilt Newton's direction, the step goes down the gradient. A point from
 * which neither leads to a lower value is the minimum as far as float64 can tell.
 *
 * @throws {InputError} where after 200 steps a millionth of the value could still be gained.
 */
export function minimise(f: ConvexFunction, start: Float64Array): Float64Array {
  let current = { point: start, value: f.value(start) };
  for (let step = 0;; step++) {
    const { gradient, hessianTimes } = f.slopes(current.point);
    const downhill = gradient.map((one) => -one);
    const direction = conjugateGradients(hessianTimes, downhill);
    const slope = dot(gradient, direction);
    // Half the slope is left to gain. Because convergence is quadratic, this last step leaves nothing that
    // float64 could show.
    if (-slope <= 1e-12 * (1 + Math.abs(current.value))) return along(current.point, direction, 1);
    const next = lowerPoint(f, current, direction, slope) ??
      lowerPoint(f, current, downhill, dot(gradient, downhill));
    if (!next) return current.point;
    if (step >= manySteps) {
      if (-slope <= 1e-6 * (1 + Math.abs(current.value))) return next.point;
      throw notFitted();
    }
    current = next;
  }
}

function notFitted(): InputError {
  return new InputError({
    found: `scores to which no such calibrator could be fitted in ${manySteps} steps of Newton's method`,
    expected: "scores of similar sizes",
    fix: "Look for scores that are far from all others, or fit another calibrator, such as temperature.",
  });
}

interface PlacedValue {
  readonly point: Float64Array;
  readonly value: number;
}

/** Halves a step until the value falls as much as the slope promises; rounding may leave no such step. */
function lowerPoint(
  f: ConvexFunction,
  { point, value }: PlacedValue,
  direction: Float64Array,
  slope: number,
): PlacedValue | undefined {
  for (let length = 1; length > 1e-12; length /= 2) {
    const next = along(point, direction, length);
    const found = f.value(next);
    if (found < value && found <= value + 1e-4 * length * slope) return { point: next, value: found };
  }
  return undefined;
}

/** Solves A x = b approximately, for a symmetric, positive definite A. */
function conjugateGradients(times: (x: Float64Array) => Float64Array, b: Float64Array): Float64Array {
  let x: Float64Array = new Float64Array(b.length);
  let residual: Float64Array = b;
  let direction: Float64Array = b;
  let square = dot(residual, residual);
  const enough = square * 1e-16;
  for (let step = 0; step < 4 * b.length && square > enough; step++) {
    const image = times(direction);
    const curvature = dot(direction, image);
    if (!(curvature > 0)) return step === 0 ? b : x; // rounding has used up what curvature there was
    const length = square / curvature;
    x = along(x, direction, length);
    residual = along(residual, image, -length);
    const next = dot(residual, residual);
    direction = along(residual, direction, next / square);
    square = next;
  }
  return x;
}

function along(point: Float64Array, direction: Float64Array, length: number): Float64Array {
  return point.map((one, index) => one + length * direction[index]);
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let index = 0; index < a.length; index++) total += a[index] * b[index];
  return total;
}
