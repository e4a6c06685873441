import assert from "node:assert/strict";
import { randomStream } from "../src/random.ts";

/**
 * Expected numbers come from the authors' C code of xoshiro128** 1.1, with its state set to the SHA-256 of
 * "seed/name" as four little-endian words.
 */
const knownBits = {
  "1/weights": {
    stream: () => randomStream(1, "weights"),
    first: [4000041909, 3570033164, 3371146816, 837711435, 766512020, 2852479630, 4259710981, 1911527327],
    millionth: 3877629674,
  },
  "0/": {
    stream: () => randomStream(0, ""),
    first: [1252566019, 3983024709, 3565304418, 1961112335, 281667777, 248421231, 2449267097, 1074077333],
    millionth: 1050533151,
  },
  "123456789/sample/é": {
    stream: () => randomStream(123456789, "sample/é"),
    first: [3998171695, 3127628549, 4150592978, 3055895337, 1319905602, 960768744, 151550497, 2814577457],
    millionth: 1311766889,
  },
};

for (const [name, { stream, first, millionth }] of Object.entries(knownBits)) {
  Deno.test(`the stream ${name} gives the bits of the authors' code, the first as the millionth`, () => {
    const random = stream();
    const bits = Array.from({ length: 1_000_000 }, () => random.next() * 2 ** 32);
    assert.deepEqual(bits.slice(0, first.length), first);
    assert.equal(bits.at(-1), millionth);
  });
}

const draws = 100_000;

/** Computes Pearson's statistic for counts that should all be equal. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((a, b) => a + b, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

function counted(values: Iterable<number>, bins: number): number[] {
  const counts = Array<number>(bins).fill(0);
  for (const value of values) counts[value]++;
  return counts;
}

/**
 * Returns the value that chi-square with so many degrees of freedom exceeds once in 10,000 times (Wilson and
 * Hilferty 1931).
 */
function chiSquareLimit(freedom: number): number {
  const part = 2 / (9 * freedom);
  return freedom * (1 - part + 3.719 * Math.sqrt(part)) ** 3;
}

function correlation(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  const covariance = (a: readonly number[], meanA: number, b: readonly number[], meanB: number) =>
    mean(a.map((value, index) => (value - meanA) * (b[index] - meanB)));
  return covariance(x, meanX, y, meanY) /
    Math.sqrt(covariance(x, meanX, x, meanX) * covariance(y, meanY, y, meanY));
}

const uniforms = (seed: number, name: string) => {
  const random = randomStream(seed, name);
  return Array.from({ length: draws }, () => random.next());
};

Deno.test("numbers lie in [0, 1), spread evenly, alone and in neighbouring pairs", () => {
  const values = uniforms(7, "uniform");
  assert.ok(values.every((value) => value >= 0 && value < 1));
  const alone = counted(values.map((value) => Math.floor(value * 64)), 64);
  assert.ok(chiSquare(alone) < chiSquareLimit(63));
  const pairs = values.slice(1).map((value, index) =>
    Math.floor(value * 16) * 16 + Math.floor(values[index] * 16)
  );
  assert.ok(chiSquare(counted(pairs, 256)) < chiSquareLimit(255));
});

Deno.test("streams of neighbouring seeds and names are uncorrelated, at any small lag too", () => {
  const limit = 4 / Math.sqrt(draws); // four standard errors
  const base = uniforms(1, "dropout");
  for (const other of [uniforms(2, "dropout"), uniforms(1, "dropout2"), uniforms(11, "dropout")]) {
    for (const lag of [0, 1, 2]) {
      const measured = correlation(base.slice(lag), other.slice(0, draws - lag));
      assert.ok(Math.abs(measured) < limit, `${measured} at lag ${lag}`);
    }
  }
});

Deno.test("a stream is its seed's and its name's alone: drawing from one leaves another as it was", () => {
  const alone = randomStream(3, "a");
  const beside = randomStream(3, "a");
  const other = randomStream(3, "b");
  for (let draw = 0; draw < 100; draw++) {
    other.next();
    assert.equal(beside.next(), alone.next());
  }
});

Deno.test("integers cover 0 to below − 1 evenly, also where below is no power of two", () => {
  for (const below of [1, 2, 7, 100]) {
    const random = randomStream(5, `integer ${below}`);
    const counts = counted(Array.from({ length: draws }, () => random.integer(below)), below);
    assert.equal(counts.length, below);
    assert.ok(below === 1 || chiSquare(counts) < chiSquareLimit(below - 1));
  }
});

Deno.test("integers have no bias towards small values where 2³² is no multiple of below", () => {
  const random = randomStream(5, "bias");
  const below = 3 * 2 ** 30; // a plain remainder would hit the lower third twice as often as the others
  const thirds = Array.from({ length: draws }, () => Math.floor(random.integer(below) / 2 ** 30));
  assert.ok(chiSquare(counted(thirds, 3)) < chiSquareLimit(2));
});

Deno.test("normal numbers have the normal distribution's moments and tails", () => {
  const random = randomStream(5, "normal");
  const values = Array.from({ length: draws }, () => random.normal());
  const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / draws;
  const near = (actual: number, expected: number, variance: number) =>
    assert.ok(Math.abs(actual - expected) < 4 * Math.sqrt(variance / draws), `${actual}, not ${expected}`);
  near(moment(1), 0, 1);
  near(moment(2), 1, 2);
  near(moment(3), 0, 15);
  near(moment(4), 3, 96);
  const beyond = (limit: number) => values.filter((value) => Math.abs(value) > limit).length / draws;
  near(beyond(1), 0.3173105, 0.3173105 * 0.6826895);
  near(beyond(3), 0.0026998, 0.0026998 * 0.9973002);
  assert.ok(values.every(Number.isFinite));
});

Deno.test("neighbouring normal numbers are uncorrelated", () => {
  const random = randomStream(6, "normal");
  const values = Array.from({ length: draws }, () => random.normal());
  assert.ok(Math.abs(correlation(values.slice(1), values.slice(0, -1))) < 4 / Math.sqrt(draws));
});

Deno.test("shuffling gives back the same array, and each order of it equally often", () => {
  const random = randomStream(5, "shuffle");
  const counts = new Map<string, number>();
  for (let round = 0; round < 24_000; round++) {
    const array = ["a", "b", "c", "d"];
    assert.equal(random.shuffle(array), array);
    counts.set(array.join(""), (counts.get(array.join("")) ?? 0) + 1);
  }
  assert.equal(counts.size, 24);
  assert.ok([...counts.keys()].every((order) => [...order].sort().join("") === "abcd"));
  assert.ok(chiSquare([...counts.values()]) < chiSquareLimit(23));
});

Deno.test("shuffling nothing or one thing changes nothing", () => {
  const random = randomStream(5, "shuffle");
  assert.deepEqual(random.shuffle([]), []);
  assert.deepEqual(random.shuffle([1]), [1]);
});
