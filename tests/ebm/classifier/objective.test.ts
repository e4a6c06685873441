/** Compares the energies and the NCE terms with numbers that were computed independently. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  dataTerm,
  energy,
  jointLoss,
  labelledEnergy,
  noiseLogOdds,
  noiseTerm,
} from "../../../src/ebm/classifier/objective.ts";
import { gradients } from "../../../src/graph/gradient.ts";
import { Graph, type Tensor } from "../../../src/graph/graph.ts";
import { gather, mean, square } from "../../../src/graph/ops.ts";
import { assignments, compile } from "../../../src/graph/program.ts";
import { openSession } from "../../../src/runtime/session.ts";
import { assertClose } from "../../close.ts";
import { fixture } from "../../fixtures.ts";
import { scratch } from "../../scratch.ts";

interface Reference {
  readonly K: number;
  readonly energy: number[];
  readonly data_loss: number[];
  readonly noise_loss: number[];
}

const references: readonly Reference[] = JSON.parse(readFileSync(fixture("nce.json"), "utf8"));

/** Computes both terms of a batch of energies, which the noise term takes for K batches side by side. */
async function terms(energies: readonly number[], noiseRatio: number) {
  const graph = new Graph();
  const energy = graph.placeholder("energy", "float32", ["rows"]);
  const outputs = { data: dataTerm(energy, noiseRatio), noise: noiseTerm(energy, noiseRatio) };
  const program = compile(graph, { run: { inputs: { energy }, outputs } });
  const session = await openSession(program, { scratch, threads: 1 });
  const result = session.run("run", {
    energy: { values: Float32Array.from(energies), shape: [energies.length] },
  });
  session.close();
  return { data: result.floats("data")[0], noise: result.floats("noise")[0] };
}

Deno.test("the data term is softplus(E + ln K), the noise term K times softplus(−E − ln K)", async () => {
  for (const { K, energy, data_loss, noise_loss } of references) {
    for (const [index, value] of energy.entries()) {
      const { data, noise } = await terms([value], K);
      assertClose([data, noise / K], [data_loss[index], noise_loss[index]], 1e-6);
    }
  }
});

Deno.test("with K batches of noise side by side, their means are summed", async () => {
  const softplus = (x: number) => Math.log1p(Math.exp(x));
  const batches = [[-1, 0.5], [2, -3]];
  const means = batches.map((batch) =>
    batch.reduce((total, energy) => total + softplus(-energy - Math.log(2)), 0) / 2
  );
  const { noise } = await terms(batches.flat(), 2);
  assertClose([noise], [means[0] + means[1]], 1e-6);
});

Deno.test("energies far from 0 overflow neither term", async () => {
  const { data, noise } = await terms([1e4, -1e4], 1);
  assertClose([data, noise], [5e3, 5e3], 1e-2);
});

/**
 * Computes energies of rows of two logits, and counts the heads g(h(x)), which give each row the energy −7.
 */
async function energies(variant: Parameters<typeof energy>[0], rows: readonly (readonly number[])[]) {
  const graph = new Graph();
  const logits = graph.placeholder("logits", "float32", ["rows", 2]);
  let heads = 0;
  const scalarHead = () => {
    heads++;
    return graph.constant(rows.map(() => -7));
  };
  const outputs = { energy: energy(variant, logits, scalarHead) };
  const session = await openSession(compile(graph, { run: { inputs: { logits }, outputs } }), {
    scratch,
    threads: 1,
  });
  const fed = { values: Float32Array.from(rows.flat()), shape: [rows.length, 2] };
  const found = [...session.run("run", { logits: fed }).floats("energy")];
  session.close();
  return { found, heads };
}

Deno.test("hidden is −ln Σ exp of the logits, sharp-hidden minus the largest, and scalar alone has a head of its own", async () => {
  const rows = [[0.5, -1], [3, 3], [-200, 100]];
  const hidden = await energies("hidden", rows);
  assertClose(hidden.found, [-Math.log(Math.exp(0.5) + Math.exp(-1)), -3 - Math.LN2, -100], 1e-6);
  const sharp = await energies("sharp-hidden", rows);
  assert.deepEqual(sharp.found, [-0.5, -3, -100]);
  const scalar = await energies("scalar", rows);
  assert.deepEqual(scalar.found, [-7, -7, -7]);
  assert.deepEqual([hidden.heads, sharp.heads, scalar.heads], [0, 0, 1]);
});

Deno.test("K noise texts for each text of the data raise the log-odds of noise by ln K", () => {
  assert.equal(noiseLogOdds(-0.5, 1), -0.5);
  assertClose([noiseLogOdds(-0.5, 8)], [-0.5 + Math.log(8)], 1e-15);
});

type Row = readonly number[];

const logits = [[2, -1, 0.5], [0.25, 0.5, -3], [-4, 1, 6], [1, 0.5, 0.75], [3, -2, 0], [-1, -1.5, -2]];
/** The first two rows are data, the others the noise of K = 2. */
const labels = [1, 1, 2, 0, 1, 0];
const noiseRatio = 2;
const argmax = (row: Row) => row.indexOf(Math.max(...row));
const largest = (row: Row) => Math.max(...row);
const logSumExpOf = (row: Row) => Math.log(row.reduce((total, logit) => total + Math.exp(logit), 0));
/** The second head of this test: the mean of the squared logits. */
const headOf = (row: Row) => row.reduce((total, logit) => total + logit ** 2, 0) / row.length;

const forms:
  readonly (readonly [Parameters<typeof energy>[0] | "with labels", (row: Row, at: number) => number])[] = [
    ["scalar", headOf],
    ["hidden", (row) => -logSumExpOf(row)],
    ["sharp-hidden", (row) => -largest(row)],
    ["negated-scalar", (row) => -headOf(row)],
    ["negated-hidden", logSumExpOf],
    ["negated-sharp-hidden", largest],
    ["labelled", (row) => -row[argmax(row)]],
    ["self-labelled-noise", (row) => -row[argmax(row)]],
    ["with labels", (row, at) => -row[labels[at]]],
  ];

/** Computes the two terms' sum and its gradient by the logits, from which the energies come. */
async function contrastAndGradient(energiesOf: (logits: Tensor) => Tensor) {
  const graph = new Graph();
  const variable = graph.variable("logits", [logits.length, 3]);
  const energies = energiesOf(variable.value);
  const rows = (...places: number[]) => gather(energies, graph.constant(places, "int32"));
  const pair = { dataEnergy: rows(0, 1), noiseEnergy: rows(2, 3, 4, 5) };
  const { noiseContrast } = jointLoss(graph.constant(0), pair, { noiseRatio, energyWeight: 1 });
  const gradient = gradients(noiseContrast, [variable]).get(variable)!;
  const session = await openSession(
    compile(graph, {
      assign: assignments(graph, [variable]),
      run: { inputs: {}, outputs: { energies, noiseContrast, gradient } },
    }),
    { scratch, threads: 1 },
  );
  session.run("assign", { logits: { values: Float32Array.from(logits.flat()), shape: [logits.length, 3] } });
  const { floats } = session.run("run");
  const found = ["energies", "noiseContrast", "gradient"].map((name) => [...floats(name)]);
  session.close();
  return found;
}

for (const [form, expected] of forms) {
  Deno.test(`${form}: the energies, the contrast and its gradient are those of the formula in float64`, async () => {
    const [energies, contrast, gradient] = await contrastAndGradient((logits) =>
      form === "with labels"
        ? labelledEnergy(logits, logits.graph.constant(labels, "int32"))
        : energy(form, logits, () => mean(square(logits), [-1]))
    );
    const softplus = (x: number) => Math.log1p(Math.exp(x));
    const contrastOf = (rows: readonly Row[]) => {
      const odds = rows.map((row, at) => expected(row, at) + Math.log(noiseRatio));
      const data = odds.slice(0, 2).map(softplus);
      const noise = odds.slice(2).map((each) => softplus(-each));
      return (data[0] + data[1]) / 2 + noiseRatio * noise.reduce((total, each) => total + each) / 4;
    };
    const moved = (at: number, column: number, by: number) =>
      contrastOf(logits.map((row, index) => index === at ? row.with(column, row[column] + by) : row));
    const slopes = logits.flatMap((row, at) =>
      row.map((_, column) => (moved(at, column, 1e-5) - moved(at, column, -1e-5)) / 2e-5)
    );
    assertClose(energies, logits.map(expected), 1e-5);
    assertClose(contrast, [contrastOf(logits)], 1e-5);
    assertClose(gradient, slopes, 1e-5);
  });
}
