/**
 * Compares attention of the first tokens alone with that of all tokens, of which the first tokens' states are
 * looked up.
 */
import assert from "node:assert/strict";
import { Graph } from "../../src/graph/graph.ts";
import { gather } from "../../src/graph/ops.ts";
import { attendWithin } from "../../src/nn/attention.ts";
import { bert } from "../../src/nn/bert.ts";
import { attendFromFirsts } from "../../src/nn/first_token_attention.ts";
import { packedInputs } from "../../src/nn/packing.ts";
import { assertClose } from "../close.ts";
import { tinyConfig } from "../tiny_classifier.ts";
import { largest, runTwoWays, shrink } from "./two_ways.ts";

Deno.test("the last layer's first tokens get the states and gradients that all tokens' attention gives", async () => {
  const { heads, attentionDropout } = tinyConfig;
  const graph = new Graph();
  const inputs = packedInputs(graph);
  const { packing, firsts } = inputs;
  const attend = attendWithin(packing, tinyConfig, shrink);
  const attendFirsts = attendFromFirsts(packing, heads, attentionDropout, shrink);

  const { variables, outputs, found } = await runTwoWays(graph, inputs, false, {
    all: gather(bert(graph, tinyConfig, inputs, attend, shrink), firsts),
    firsts: bert(graph, tinyConfig, inputs, attend, shrink, { tokens: firsts, attend: attendFirsts }),
  });

  for (const name of ["states", ...variables]) {
    const scale = largest(found, `all/${name}`);
    if (name.endsWith("key.bias")) {
      // A key's bias moves all scores of a query alike, so its gradient is nothing but rounding errors.
      assert.ok(scale < 1e-6 * largest(found, `all/${name.replace("bias", "weight")}`));
    } else {
      assertClose(found.floats(`firsts/${name}`), found.floats(`all/${name}`), 3e-6 * scale);
    }
  }
  const lastKeys = `encoder.layer.${tinyConfig.layers - 1}.attention.self.key`;
  assert.ok(outputs.has(`firsts/${lastKeys}.weight`));
  assert.ok(!outputs.has(`firsts/${lastKeys}.bias`), "it isn't even computed");
});
