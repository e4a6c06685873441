/** Attention of the first tokens alone, beside that of all tokens, of which the first tokens' states are looked up. */
import assert from "node:assert/strict";
import { weightFeeds } from "../../src/ebm/weights.ts";
import { gradients } from "../../src/graph/gradient.ts";
import { Graph, type Tensor } from "../../src/graph/graph.ts";
import { gather, multiply, square, sum } from "../../src/graph/ops.ts";
import { assignments, compile } from "../../src/graph/program.ts";
import { attendWithin } from "../../src/nn/attention.ts";
import { bert } from "../../src/nn/bert.ts";
import { attendFromFirsts } from "../../src/nn/first_token_attention.ts";
import type { Drop } from "../../src/nn/layers.ts";
import { pack, packedInputs } from "../../src/nn/packing.ts";
import { openSession } from "../../src/runtime/session.ts";
import { assertClose } from "../close.ts";
import { scratch } from "../scratch.ts";
import { randomWeights, tinyConfig, tinyContrast } from "../tiny_classifier.ts";

// In place of dropout, which would draw other masks: weights of attention don't sum to 1 any more.
const shrink: Drop = (x, rate) => multiply(x, 1 - 3 * rate);

Deno.test("the last layer's first tokens get the states and gradients that all tokens' attention gives", async () => {
  const { heads, attentionDropout } = tinyConfig;
  const graph = new Graph();
  const inputs = packedInputs(graph);
  const { packing, firsts } = inputs;
  const attend = attendWithin(packing, heads, attentionDropout, shrink);
  const attendFirsts = attendFromFirsts(packing, heads, attentionDropout, shrink);

  const outputs: Record<string, Tensor> = {
    "all/states": gather(bert(graph, tinyConfig, inputs, attend, shrink), firsts),
    "firsts/states": bert(graph, tinyConfig, inputs, attend, shrink, {
      tokens: firsts,
      attend: attendFirsts,
    }),
  };
  const variables = [...graph.variables.values()];
  for (const way of ["all", "firsts"]) {
    const states = outputs[`${way}/states`];
    const loss = sum(multiply(square(states), states)); // the sum of squares is the same for all that is normalised
    for (const [{ name }, gradient] of gradients(loss, variables)) {
      outputs[`${way}/${name}`] = gradient;
    }
  }
  const program = compile(graph, {
    assign: assignments(graph, variables),
    run: { inputs: inputs.feeds, outputs },
  });
  const session = await openSession(program, { scratch, threads: 1 });
  session.run("assign", weightFeeds(randomWeights(variables)));
  const found = session.run("run", pack(tinyContrast([3, 9, 1, 8, 2, 9]).data, 0, false));

  const largest = (name: string) => Math.max(...found.floats(`all/${name}`).map(Math.abs));
  for (const name of ["states", ...variables.map(({ name }) => name)]) {
    if (name.endsWith("key.bias")) {
      // It moves all scores of a query alike: rounding is all that there is of its gradient.
      assert.ok(largest(name) < 1e-6 * largest(name.replace("bias", "weight")));
    } else {
      assertClose(found.floats(`firsts/${name}`), found.floats(`all/${name}`), 3e-6 * largest(name));
    }
  }
  const lastKeys = `encoder.layer.${tinyConfig.layers - 1}.attention.self.key`;
  assert.ok(`firsts/${lastKeys}.weight` in outputs);
  assert.ok(!(`firsts/${lastKeys}.bias` in outputs), "it isn't even computed");
  session.close();
});
