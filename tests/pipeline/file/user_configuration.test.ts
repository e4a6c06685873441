import assert from "node:assert/strict";
import { join } from "node:path";
import { InputError } from "../../../src/errors.ts";
import { readUserConfiguration } from "../../../src/pipeline/file/user_configuration.ts";
import { scratch } from "../../scratch.ts";

function configured(text: string | undefined) {
  const folder = Deno.makeTempDirSync({ dir: scratch });
  if (text !== undefined) Deno.writeTextFileSync(join(folder, "config.yaml"), text);
  return readUserConfiguration(folder);
}

Deno.test("without a file, and with an empty one, nothing is configured", () => {
  assert.deepEqual(configured(undefined), {});
  assert.deepEqual(configured("# nothing yet\n"), {});
});

Deno.test("each section has its defaults", () => {
  assert.deepEqual(
    configured(`
executor: { kind: slurm, partition: gpu, time: 4h, flags: { "finetune@*": [--constraint=a100] } }
cache: { url: "https://cache.example.org/team" }
`),
    {
      executor: {
        kind: "slurm",
        partition: "gpu",
        time: "4h",
        maxJobs: 50,
        flags: { "finetune@*": ["--constraint=a100"] },
      },
      cache: { url: "https://cache.example.org/team", mode: "read" },
    },
  );
});

for (
  const [what, text, message] of [
    [
      "another executor",
      "executor: { kind: pbs }",
      /config\.yaml:1:19: found executor\.kind: "pbs", expected "slurm"/,
    ],
    ["a mistyped key", "executor: { kind: slurm, partion: gpu }", /:1:26: found unknown key "partion"/],
    [
      "what is no option",
      "executor: { kind: slurm, flags: { a: [x.sh] } }",
      /expected a long option of sbatch/,
    ],
  ] as const
) {
  Deno.test(`${what} in the configuration is told with its place`, () => {
    assert.throws(() => configured(text), (error) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("no mistake in the configuration shows a password that stands beside it", () => {
  const lines = [
    'cache: { url: "https://me:geheim@example.org", mode: write }',
    'cache: { url: "https://me:geheim@example.org", secret: x }',
    'cache: { url: "https://me:geheim@example.org" ]',
  ];
  for (const text of lines) {
    assert.throws(
      () => configured(text),
      (error) => error instanceof InputError && !error.message.includes("geheim"),
      text,
    );
  }
});
