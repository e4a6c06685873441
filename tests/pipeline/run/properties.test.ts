/**
 * Random graphs with random edits rerun exactly what an oracle says: that of whose key nothing has been seen
 * before.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { makeProject, pipeline } from "../synthetic.ts";

/**
 * A stage's value is a small number, so that changed inputs often give the same one: then nothing after it
 * may rerun.
 */
const modulus = 3;

interface StageState {
  /** The stages before it that it reads, at most two; the first of all stages reads the source. */
  readonly needs: readonly number[];
  readonly parameter: number;
}

interface State {
  readonly stages: readonly StageState[];
  readonly source: number;
  /** What the code adds to each value. */
  readonly offset: number;
  /** Comments in the code, which change nothing. */
  readonly comments: number;
}

type Edit =
  | { readonly kind: "parameter"; readonly stage: number; readonly value: number }
  | { readonly kind: "source" | "code"; readonly value: number }
  | { readonly kind: "comment" | "nothing" };

const small = fc.nat({ max: 4 });
const stateArbitrary = fc.array(
  fc.record({ needs: fc.array(fc.nat(), { maxLength: 2 }), parameter: small }),
  {
    minLength: 2,
    maxLength: 5,
  },
).map((stages): State => ({
  // A number beyond the stages before it is taken round; two needs of the same stage are one.
  stages: stages.map(({ needs, parameter }, index) => ({
    needs: index === 0 ? [] : [...new Set(needs.map((need) => need % index))],
    parameter,
  })),
  ...{ source: 0, offset: 0, comments: 0 },
}));
const editArbitrary: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant("parameter" as const), stage: fc.nat({ max: 4 }), value: small }),
  fc.record({ kind: fc.constantFrom("source" as const, "code" as const), value: small }),
  fc.record({ kind: fc.constantFrom("comment" as const, "nothing" as const) }),
);

function edited(state: State, edit: Edit): State {
  switch (edit.kind) {
    case "parameter": {
      const changed = edit.stage % state.stages.length;
      const stages = state.stages.map((stage, index) =>
        index === changed ? { ...stage, parameter: edit.value } : stage
      );
      return { ...state, stages };
    }
    case "source":
      return { ...state, source: edit.value };
    case "code":
      return { ...state, offset: edit.value };
    case "comment":
      return { ...state, comments: state.comments + 1 };
    case "nothing":
      return state;
  }
}

function files({ stages, source, offset, comments }: State): Record<string, string> {
  const entries = stages.map(({ needs, parameter }, index) => {
    const inputs = needs.map((need, position) => `${"ab"[position]}: "s${need}:value.txt"`);
    if (index === 0) inputs.push('a: "./source.txt"');
    return `  s${index}:
    run: stages/sum.ts
    needs: { ${inputs.join(", ")} }
    params: { label: s${index}, parameter: ${parameter}, arity: ${inputs.length} }
`;
  });
  return {
    "pipeline.yaml": `stages:\n${entries.join("")}`,
    "source.txt": `${source}`,
    "stages/offset.ts": `${"// A comment.\n".repeat(comments)}export const offset = ${offset};\n`,
    "stages/sum.ts": sumStage,
  };
}

const sumStage = `
import { z } from "zod";
import { join } from "node:path";
import { defineStage } from "calibrant/pipeline/stage.ts";
import { offset } from "./offset.ts";

export default defineStage({
  description: "Adds numbers.",
  parameters: z.strictObject({ label: z.string(), parameter: z.int(), arity: z.int() }),
  inputs: {
    a: { description: "a number", when: ({ arity }) => arity > 0 },
    b: { description: "another", when: ({ arity }) => arity > 1 },
  },
  outputs: { "value.txt": "the sum" },
  async run({ parameters, input, output }) {
    const read = (name: string) => Number(Deno.readTextFileSync(input(name)));
    const [a, b] = [parameters.arity > 0 ? read("a") : 0, parameters.arity > 1 ? read("b") : 0];
    const value = (parameters.parameter + a + 2 * b + offset) % ${modulus};
    await Deno.writeTextFile(join(output, "value.txt"), String(value));
  },
});
`;

/** The values that the stages come to, and each one's key: all that its result depends on. */
function oracle(
  { stages, source, offset }: State,
): { readonly keys: readonly string[]; readonly values: number[] } {
  const values: number[] = [];
  const keys = stages.map(({ needs, parameter }, index) => {
    const inputs = index === 0 ? [source] : needs.map((need) => values[need]);
    const [a = 0, b = 0] = inputs;
    values.push((parameter + a + 2 * b + offset) % modulus);
    return JSON.stringify({ index, parameter, inputs, offset });
  });
  return { keys, values };
}

Deno.test("random graphs with random edits rerun exactly what an oracle says", async () => {
  const property = fc.asyncProperty(
    stateArbitrary,
    fc.array(editArbitrary, { minLength: 3, maxLength: 4 }),
    async (start, edits) => {
      using project = makeProject(files(start));
      const seen = new Set<string>();
      let state = start;
      for (const edit of [{ kind: "nothing" } as const, ...edits]) {
        state = edited(state, edit);
        project.write(files(state));
        const { keys, values } = oracle(state);
        const expected = keys.flatMap((key, index) => seen.has(key) ? [] : [`s${index}`]);
        keys.forEach((key) => seen.add(key));
        const { code, ran, errors } = await pipeline(project);
        assert.equal(code, 0, errors);
        assert.deepEqual(ran, expected, `after ${JSON.stringify(edit)}`);
        values.forEach((value, index) =>
          assert.equal(project.read(`artifacts/s${index}/value.txt`), `${value}`)
        );
      }
    },
  );
  await fc.assert(property, { seed: 20210421, numRuns: 20, endOnFailure: true });
});
