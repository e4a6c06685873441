/** What a stage's process gets from the user's environment. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { sandboxEnvironment, sandboxFlags } from "../../../src/pipeline/process/sandbox.ts";
import { chain, makeProject, pipeline } from "../synthetic.ts";

const passed = ["CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH"];

Deno.test("a native stage gets the variables that its libraries read, another stage doesn't", () => {
  const before = Deno.env.get("CUDA_VISIBLE_DEVICES");
  Deno.env.set("CUDA_VISIBLE_DEVICES", "1");
  try {
    assert.equal(sandboxEnvironment("scratch", "deno", passed).CUDA_VISIBLE_DEVICES, "1");
    assert.ok(!("CUDA_VISIBLE_DEVICES" in sandboxEnvironment("scratch", "deno", [])));
    Deno.env.delete("CUDA_VISIBLE_DEVICES");
    assert.ok(!("CUDA_VISIBLE_DEVICES" in sandboxEnvironment("scratch", "deno", passed)));
  } finally {
    if (before !== undefined) Deno.env.set("CUDA_VISIBLE_DEVICES", before);
  }
});

Deno.test("`deno task pipeline` may start a process with such variables", async () => {
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  const { tasks } = JSON.parse(Deno.readTextFileSync(`${root}/deno.json`));
  const flags = tasks.pipeline.command.match(/--(no-prompt|allow-\S+)/g);
  const module = Deno.makeTempFileSync({ suffix: ".ts" });
  try {
    Deno.writeTextFileSync(
      module,
      `
import { sandboxEnvironment } from ${
        JSON.stringify(new URL("../../../src/pipeline/process/sandbox.ts", import.meta.url))
      };
const env = sandboxEnvironment("scratch", "deno", ${JSON.stringify([...passed, "HF_TOKEN"])});
const { stdout } = await new Deno.Command("env", { clearEnv: true, env }).output();
await Deno.stdout.write(stdout);`,
    );
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", ...flags, module],
      cwd: root,
      env: { CUDA_VISIBLE_DEVICES: "0", LD_LIBRARY_PATH: "/nowhere", HF_TOKEN: "hf_x", SECRET: "x" },
      stderr: "inherit",
    }).output();
    const lines = new TextDecoder().decode(stdout).split("\n");
    assert.ok(lines.includes("CUDA_VISIBLE_DEVICES=0"));
    assert.ok(lines.includes("LD_LIBRARY_PATH=/nowhere"));
    assert.ok(lines.includes("HF_TOKEN=hf_x"));
    assert.ok(!lines.includes("SECRET=x"));
  } finally {
    Deno.removeSync(module);
  }
});

Deno.test("a stage reads what all instances of a matrix of two dimensions made, whose names have commas", async () => {
  const two = chain["pipeline.yaml"]
    .replace(
      `    matrix: { length: [short, long] }
    needs: { text: ./data.txt }`,
      `    matrix: { length: [short, long], words: [1, 2] }
    needs: { text: ./data.txt }`,
    )
    .replace("words: 3 }", `words: "\${matrix.words}" }`)
    .replace(/ {2}second:[^]*?(?= {2}all:)/, "")
    .replace("second@*", "first@*");
  using project = makeProject({ ...chain, "pipeline.yaml": two });
  const { code, output, errors } = await pipeline(project);
  assert.equal(code, 0, output + errors);
  assert.match(output, /first@long,2 +done/);
  assert.match(output, /all +done/);
});

Deno.test("a path with a comma, which Deno can't be told, is refused with its name", () => {
  const allowed = { read: ["/data/a,b"], write: [], network: false, env: [] };
  assert.throws(
    () => sandboxFlags("/project", allowed),
    /^InputError: \/data\/a,b: found a comma in the path/,
  );
});
