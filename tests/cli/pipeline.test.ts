import assert from "node:assert/strict";
import { chain, makeProject, pipeline } from "../pipeline/synthetic.ts";

Deno.test("wrong arguments and unknown stages end with exit code 2 and one message", async () => {
  using project = makeProject(chain);
  assert.deepEqual(await pipeline(project, "run", "--forse"), {
    code: 2,
    output: "",
    errors: "error: unknown option '--forse'\n(Did you mean --force?)\n",
    ran: [],
  });
  const { code, errors } = await pipeline(project, "run", "frist");
  assert.equal(code, 2);
  assert.match(errors, /^error: found no stage "frist", expected .*\n {2}Did you mean "first"\?\n$/);
  assert.equal(
    (await pipeline(project, "--file", "other.yaml")).errors.split("\n")[0],
    "error: other.yaml: found no such file, expected a pipeline file",
  );
});

Deno.test("a mistyped command names the nearest, be it a command or a stage", async () => {
  using project = makeProject(chain);
  const errorsOf = async (...args: readonly string[]) => (await pipeline(project, ...args)).errors;
  assert.equal(
    await errorsOf("statsu"),
    'error: found no command and no stage "statsu", expected a command, or a stage to run\n  Did you mean "status"?\n',
  );
  assert.match(await errorsOf("--set", "first.words=1", "frist"), /Did you mean "first"\?\n$/);
  assert.match(await errorsOf("nonsense"), /--help` lists the commands/);
  for (const args of [[], ["run"], ["plan"]]) {
    assert.match(
      await errorsOf(...args, "other.yaml"),
      /A pipeline file is named by --file other\.yaml\.\n$/,
    );
  }
});
