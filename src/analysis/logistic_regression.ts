/** A row of a sparse matrix: the columns whose values aren't 0, and these values. */
export interface SparseRow {
  readonly columns: readonly number[];
  readonly values: readonly number[];
}

/** A linear classifier of two classes: class 1 where Σ weights · values + bias is above 0. */
export interface LinearClassifier {
  readonly weights: Float64Array;
  readonly bias: number;
}

const [newtonSteps, solverSteps, tolerance] = [50, 200, 1e-8];

/**
 * Fits a logistic regression: the weights w and the bias that minimise Σ ln(1 + exp(−s · score)) + |w|² / 2,
 * where s is 1 for class 1 and −1 for class 0. That is what scikit-learn's LogisticRegression minimises by
 * default. Newton's steps are solved by conjugate gradients (Lin, Weng and Keerthi 2008) and halved where one
 * would lead up. Nothing is drawn at random.
 *
 * @param classes the class of each row, 0 or 1
 * @param columns the number of columns
 */
export function fitLogisticRegression(
  rows: readonly SparseRow[],
  classes: ArrayLike<number>,
  columns: number,
): LinearClassifier {
  // The bias is the weight of a last column that is 1 in each row, and the only one that isn't kept small.
  const x = rows.map((row) => ({ columns: [...row.columns, columns], values: [...row.values, 1] }));
  const penalty = new Float64Array(columns + 1).fill(1, 0, columns);
  const loss = (w: Float64Array) => {
    const scores = scoresOf(x, w);
    const ofRows = scores.reduce((sum, score, row) => sum + softplus(classes[row] ? -score : score), 0);
    return ofRows + dot(w.map((weight, column) => weight * penalty[column]), w) / 2;
  };
  let w = new Float64Array(columns + 1);
  let current = loss(w);
  for (let step = 0; step < newtonSteps; step++) {
    const probabilities = scoresOf(x, w).map((score) => 1 / (1 + Math.exp(-score)));
    const gradient = transposedProduct(x, probabilities.map((p, row) => p - classes[row]), columns + 1);
    w.forEach((weight, column) => gradient[column] += penalty[column] * weight);
    if (dot(gradient, gradient) < tolerance ** 2) break;
    const curvature = probabilities.map((p) => p * (1 - p));
    const direction = solve((v) => {
      const curved = scoresOf(x, v).map((score, row) => curvature[row] * score);
      const product = transposedProduct(x, curved, columns + 1);
      v.forEach((value, column) => product[column] += penalty[column] * value);
      return product;
    }, gradient);
    let share = 1;
    let next = addScaled(w, -share, direction);
    while (loss(next) > current && share > 1e-6) next = addScaled(w, -(share /= 2), direction);
    const reached = loss(next);
    if (reached >= current) break;
    [w, current] = [next, reached];
  }
  return { weights: w.subarray(0, columns), bias: w[columns] };
}

/** Returns the score of a row; above 0 is class 1. Columns that the classifier doesn't have count for nothing. */
export function scoreOf({ weights, bias }: LinearClassifier, { columns, values }: SparseRow): number {
  return columns.reduce((sum, column, index) => sum + (weights[column] ?? 0) * values[index], bias);
}

function scoresOf(rows: readonly SparseRow[], w: Float64Array): Float64Array {
  return Float64Array.from(rows, (row) => scoreOf({ weights: w, bias: 0 }, row));
}

function transposedProduct(rows: readonly SparseRow[], factors: Float64Array, columns: number): Float64Array {
  const product = new Float64Array(columns);
  for (const [row, { columns, values }] of rows.entries()) {
    for (let index = 0; index < columns.length; index++) {
      product[columns[index]] += factors[row] * values[index];
    }
  }
  return product;
}

/** Solves A x = b by conjugate gradients, where `multiply` multiplies by A, which is positive definite. */
function solve(multiply: (x: Float64Array) => Float64Array, b: Float64Array): Float64Array {
  let x = new Float64Array(b.length);
  let residual = b;
  let direction = b;
  let size = dot(b, b);
  const enough = size * tolerance ** 2;
  for (let step = 0; step < solverSteps && size > enough; step++) {
    const product = multiply(direction);
    const share = size / dot(direction, product);
    x = addScaled(x, share, direction);
    residual = addScaled(residual, -share, product);
    const next = dot(residual, residual);
    direction = addScaled(residual, next / size, direction);
    size = next;
  }
  return x;
}

/** Returns ln(1 + eˣ) without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, index) => sum + value * b[index], 0);
}

/** Returns a + share · b. */
function addScaled(a: Float64Array, share: number, b: Float64Array): Float64Array<ArrayBuffer> {
  return Float64Array.from(a, (value, index) => value + share * b[index]);
}
