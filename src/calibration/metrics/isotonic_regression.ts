/** A function that never falls, at ascending places; between them it is straight. */
export interface IsotonicFunction {
  readonly places: number[];
  readonly values: number[];
}

/**
 * Finds the function with the least squared error among all that never fall, by pooling adjacent violators
 * (Ayer et al. 1955). Of a pool only the two ends are among its places, because all values between are equal.
 *
 * @param places Where the targets lie, in any order. [n]
 * @param targets What the function is to come near: outcomes of 0 and 1, or shares. [n]
 */
export function isotonicRegression(places: Float64Array, targets: ArrayLike<number>): IsotonicFunction {
  const pools: Pool[] = [];
  for (const distinct of poolTies(places, targets)) {
    let pool = distinct;
    let before = pools.at(-1);
    while (before && before.total * pool.weight >= pool.total * before.weight) {
      pool = joined(before, pool);
      pools.pop();
      before = pools.at(-1);
    }
    pools.push(pool);
  }
  const corners = pools.flatMap(({ first, last, weight, total }) =>
    (first === last ? [first] : [first, last]).map((place) => ({ place, value: total / weight }))
  );
  return { places: corners.map(({ place }) => place), values: corners.map(({ value }) => value) };
}

/** Returns the function's value at a place; beyond its ends, the value is that of the end. */
export function interpolate({ places, values }: IsotonicFunction, place: number): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle] < place) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return values[0];
  if (low === places.length) return values[low - 1];
  const share = (place - places[low - 1]) / (places[low] - places[low - 1]);
  return values[low - 1] + share * (values[low] - values[low - 1]);
}

/** Examples at neighbouring places, whose mean target is the value of the function there. */
interface Pool {
  readonly first: number;
  readonly last: number;
  readonly weight: number;
  readonly total: number;
}

/** Pools examples at equal places, before any of them is compared with its neighbours. */
function poolTies(places: Float64Array, targets: ArrayLike<number>): readonly Pool[] {
  const ties: Pool[] = [];
  for (const i of Array.from(places.keys()).sort((a, b) => places[a] - places[b])) {
    const single = { first: places[i], last: places[i], weight: 1, total: targets[i] };
    const before = ties.at(-1);
    if (before?.last === places[i]) ties[ties.length - 1] = joined(before, single);
    else ties.push(single);
  }
  return ties;
}

function joined(left: Pool, right: Pool): Pool {
  const [weight, total] = [left.weight + right.weight, left.total + right.total];
  return { first: left.first, last: right.last, weight, total };
}
