/** A convex function of a vector, with what is needed to find its minimum. */
export interface ConvexFunction {
  value(point: Float64Array): number;
  /** Returns the gradient at a point, and a function that multiplies the Hessian there with a direction. */
  slopes(point: Float64Array): {
    readonly gradient: Float64Array;
    hessianTimes(direction: Float64Array): Float64Array;
  };
}

/**
 * Finds where a convex function is least, by Newton's method. Its linear systems are solved by conjugate
 * gradients, so that the Hessian is never written down. Steps are halved until the value falls as much as the
 * slope promises.
 *
 * @throws {Error} where 200 steps aren't enough, because the function isn't convex or has no minimum.
 */
export function minimise(f: ConvexFunction, start: Float64Array): Float64Array {
  let point = start;
  let value = f.value(point);
  for (let step = 0; step < 200; step++) {
    const { gradient, hessianTimes } = f.slopes(point);
    const direction = conjugateGradients(hessianTimes, gradient.map((one) => -one));
    const slope = dot(gradient, direction);
    // Half the slope is left to gain. Because convergence is quadratic, this last step leaves nothing that
    // float64 could show.
    if (-slope <= 1e-12 * (1 + Math.abs(value))) return along(point, direction, 1);
    let length = 1;
    let next = along(point, direction, length);
    while (!(f.value(next) <= value + 1e-4 * length * slope) && length > 1e-12) {
      length /= 2;
      next = along(point, direction, length);
    }
    [point, value] = [next, f.value(next)];
  }
  throw new Error("Newton's method hasn't converged in 200 steps");
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
