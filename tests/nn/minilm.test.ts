/** The default encoder on real texts, as sentence-transformers computes it. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Graph } from "../../src/graph/graph.ts";
import { assignments, compile } from "../../src/graph/program.ts";
import { initialValues, readCheckpoint } from "../../src/nn/checkpoint.ts";
import { encodeFirstTokens } from "../../src/nn/classifier.ts";
import { keep } from "../../src/nn/layers.ts";
import { pack, packedInputs } from "../../src/nn/packing.ts";
import { weightFeeds } from "../../src/ebm/training/weights.ts";
import { openSession } from "../../src/runtime/session.ts";
import { assertClose } from "../close.ts";
import { fixture } from "../fixtures.ts";
import { scratch } from "../scratch.ts";

interface Reference {
  readonly input_ids: number[];
  readonly token_type_ids: number[];
  readonly first_token_state: number[];
}

const folder = fileURLToPath(new URL("../../artifacts/setup/minilm-l6", import.meta.url));
const references: readonly Reference[] = JSON.parse(readFileSync(fixture("minilm-l6.json"), "utf8"));

Deno.test({
  name: "MiniLM's states of the first token are the reference's, singly and in one packed batch",
  ignore: !existsSync(folder),
  fn: async () => {
    const sequences = references.map(({ input_ids, token_type_ids }) => ({
      ids: input_ids,
      typeIds: token_type_ids,
    }));
    const checkpoint = await readCheckpoint(folder);
    const graph = new Graph();
    const inputs = packedInputs(graph);
    const state = encodeFirstTokens(graph, checkpoint.config, inputs, keep);
    const variables = [...graph.variables.values()];
    const program = compile(graph, {
      assign: assignments(graph, variables),
      run: { inputs: inputs.feeds, outputs: { state } },
    });
    const session = await openSession(program, { scratch, threads: 2 });
    session.run("assign", weightFeeds(initialValues(variables, checkpoint)));
    const states = (batch: typeof sequences) => session.run("run", pack(batch, 0, false)).floats("state");
    assertClose(states(sequences), references.flatMap((reference) => reference.first_token_state), 1e-5);
    for (const [index, sequence] of sequences.entries()) {
      assertClose(states([sequence]), references[index].first_token_state, 1e-5);
    }
    session.close();
  },
});
