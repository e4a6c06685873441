/** The NCE terms, as computed independently for single energies. */
import { readFileSync } from "node:fs";
import { dataTerm, noiseTerm } from "../../../src/ebm/classifier/objective.ts";
import { Graph } from "../../../src/graph/graph.ts";
import { compile } from "../../../src/graph/program.ts";
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

/** Both terms of a batch of energies; noise energies stand for K batches side by side. */
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
