import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { tensorFlowPermissions } from "../../src/runtime/permissions.ts";
import { projectRoot, temporaryFolder } from "./setup/tools.ts";

/** Runs a project's matmul.ts in a process of its own, with only the declared permissions. */
async function matmul(root: string) {
  const { read, env, ffi } = tensorFlowPermissions;
  const output = await new Deno.Command(Deno.execPath(), {
    args: [
      ...[
        "run",
        "--quiet",
        "--no-prompt",
        `--allow-read=${read}`,
        `--allow-env=${env}`,
        `--allow-ffi=${ffi}`,
      ],
      "tests/runtime/matmul.ts",
    ],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  return { code: output.code, stdout: text(output.stdout), stderr: text(output.stderr) };
}

Deno.test({
  name: "libtensorflow multiplies, silently, with the declared permissions (needs set-up)",
  ignore: !existsSync(join(projectRoot, "artifacts/setup/stamp.json")),
  async fn() {
    assert.deepEqual(await matmul(projectRoot), {
      code: 0,
      stdout: "tensorflow [ [ 19, 22 ], [ 43, 50 ] ]",
      stderr: "",
    });
  },
});

Deno.test("without set-up the message says what to do", async () => {
  using copy = temporaryFolder();
  const files = [
    "deno.json",
    "deno.lock",
    "src/errors.ts",
    "src/excerpt.ts",
    "src/runtime/tensorflow.ts",
    "tests/runtime/matmul.ts",
  ];
  for (const file of files) {
    mkdirSync(dirname(join(copy.path, file)), { recursive: true });
    cpSync(join(projectRoot, file), join(copy.path, file));
  }

  const { code, stderr } = await matmul(copy.path);

  assert.notEqual(code, 0);
  assert.match(stderr, /found no TensorFlow binding in node_modules/);
  assert.match(stderr, /Run `deno task setup`/);
});
