/** The number of cells of the finest grid on [0, 1], as in relplot 1.0.3. */
export const cells = 1000;
/**
 * The number of deviations at which a Gaussian is cut off; only a 65-millionth of its height is left there.
 */
const reach = 6;

/** The places of probabilities on the finest grid, where each is shared by the nodes on both sides of it. */
export interface GridPlaces {
  /** The node on the left. [n] */
  readonly node: Int32Array;
  /** The share of the node on the right. [n] */
  readonly right: Float64Array;
}

/** Examples summed at the nodes of a grid; those that lie on 0 and 1 count half. Both [cells + 1]. */
export interface Grid {
  /** The number of examples. */
  readonly mass: Float64Array;
  /** Their gaps between prediction and outcome. */
  readonly gaps: Float64Array;
}

/** Finds the places of probabilities on the grid. */
export function gridPlaces(probabilities: Float64Array): GridPlaces {
  const node = new Int32Array(probabilities.length);
  const right = new Float64Array(probabilities.length);
  for (let i = 0; i < node.length; i++) {
    node[i] = Math.min(Math.floor(probabilities[i] * cells), cells - 1);
    right[i] = probabilities[i] * cells - node[i];
  }
  return { node, right };
}

/** Returns the same sums on half as many cells. */
export function coarsen({ mass, gaps }: Grid): Grid {
  return { mass: halve(mass), gaps: halve(gaps) };
}

/** Halves the number of cells: every second node falls away and is shared by its neighbours. */
function halve(values: Float64Array): Float64Array {
  const result = new Float64Array((values.length + 1) / 2);
  for (let node = 0; node < result.length; node++) result[node] = values[2 * node];
  for (let node = 0; node < result.length - 1; node++) {
    result[node] += values[2 * node + 1] / 2;
    result[node + 1] += values[2 * node + 1] / 2;
  }
  return result;
}

/**
 * Returns the right half of a Gaussian at the nodes of a grid on [0, 1], from its middle on. Its height is 1,
 * because it is divided by its own area later on. It ends at a distance of 1/2 at the latest.
 */
export function halfGaussian(deviation: number, spaces: number): Float64Array {
  const last = Math.min(spaces / 2, Math.ceil(reach * deviation * spaces));
  const kernel = new Float64Array(last + 1);
  for (let at = 0; at <= last; at++) kernel[at] = Math.exp(-((at / (deviation * spaces)) ** 2) / 2);
  // The node on the cut stands for the half of its cell before the cut, and for all of the finest grid's node
  // on it.
  if (last === spaces / 2) kernel[last] *= 0.5 + 0.5 * spaces / cells;
  return kernel;
}

/** Convolves values, mirrored at both ends, with a symmetric kernel that is given by its right half. */
export function convolve(values: Float64Array, kernel: Float64Array): Float64Array {
  const mirrored = mirror(values, kernel.length - 1);
  const result = new Float64Array(values.length);
  for (let distance = 0; distance < kernel.length; distance++) {
    const factor = distance === 0 ? kernel[0] / 2 : kernel[distance];
    const [left, right] = [kernel.length - 1 - distance, kernel.length - 1 + distance];
    for (let at = 0; at < result.length; at++) {
      result[at] += factor * (mirrored[left + at] + mirrored[right + at]);
    }
  }
  return result;
}

/**
 * Continues values by their mirror image at both ends. An end node is doubled, because it holds half and its
 * image the rest.
 */
function mirror(values: Float64Array, margin: number): Float64Array {
  const result = new Float64Array(values.length + 2 * margin);
  const last = values.length - 1;
  for (let at = 0; at < result.length; at++) {
    const from = at - margin;
    result[at] = values[from < 0 ? -from : from > last ? 2 * last - from : from];
  }
  result[margin] *= 2;
  result[margin + last] *= 2;
  return result;
}
