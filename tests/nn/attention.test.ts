/**
 * Compares the last layer of some tokens alone with that of all tokens, of which the same tokens are looked
 * up.
 */
import assert from "node:assert/strict";
import { Graph } from "../../src/graph/graph.ts";
import { gather } from "../../src/graph/ops.ts";
import { attendWithin } from "../../src/nn/attention.ts";
import { decode } from "../../src/nn/decoder.ts";
import { packedInputs } from "../../src/nn/packing.ts";
import { assertClose } from "../close.ts";
import { tinyConfig } from "../tiny_classifier.ts";
import { largest, runTwoWays, shrink } from "./two_ways.ts";

for (const family of ["bert", "gpt2"] as const) {
  Deno.test(`of ${family} some tokens get the states and gradients that they get among all`, async () => {
    const config = { ...tinyConfig, family };
    const graph = new Graph();
    const inputs = packedInputs(graph);
    const { places } = inputs.packing.tokens;
    const tokens = graph.constant([0, 2, 3, 7, 11, 12, 20, 31], "int32"); // of all rows but the fifth
    const attend = (queryPlaces = places) => attendWithin(inputs.packing, config, shrink, queryPlaces);

    const { variables, found } = await runTwoWays(graph, inputs, true, {
      all: gather(decode(graph, config, inputs, attend(), shrink), tokens),
      some: decode(graph, config, inputs, attend(), shrink, {
        tokens,
        attend: attend(gather(places, tokens)),
      }),
    });

    for (const name of ["states", ...variables]) {
      // A key's bias moves all scores of a query alike, so its gradient is nothing but rounding errors.
      const of = name.endsWith("key.bias") ? name.replace("bias", "weight") : name;
      const scale = largest(found, `all/${of}`);
      assert.ok(scale > 0);
      assertClose(found.floats(`some/${name}`), found.floats(`all/${name}`), 3e-6 * scale);
    }
  });
}
