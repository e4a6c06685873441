import assert from "node:assert/strict";
import { cpSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { storeCheck } from "../../src/cli/doctor/store.ts";
import { formatVersion } from "../../src/pipeline/store/record.ts";
import { chain, makeProject, pipeline } from "../pipeline/synthetic.ts";
import { isSetUp } from "../pipelines/copy.ts";
import { programPath, projectRoot, temporaryFolder } from "../runtime/setup/tools.ts";
import { runOnTerminal } from "../terminal.ts";
import { task } from "./task.ts";

/** Runs the task as it stands in deno.json, with a PATH. */
async function doctor(args: readonly string[], path?: string) {
  const { program, args: all, cwd, env } = task("doctor", args);
  const command = new Deno.Command(program, {
    args: [...all],
    cwd,
    env: { ...env, NO_COLOR: "1", ...(path === undefined ? {} : { PATH: path }) },
  });
  const { code, stdout, stderr } = await command.output();
  const [output, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, output, errors };
}

/** Makes a PATH of a single program, which reads the kernel's files. */
function folderWithHead() {
  const folder = temporaryFolder();
  symlinkSync(programPath("head"), join(folder.path, "head"));
  return folder;
}

Deno.test({
  name: "where all is there, it says so, with the permissions that its task has",
  ignore: !isSetUp,
  async fn() {
    const { code, output, errors } = await doctor([]);
    assert.equal(code, 0, output + errors);
    for (const name of ["Deno", "Python", "compiler", "system", "CPU", "memory", "disk", "store", "device"]) {
      assert.match(output, new RegExp(`^[✓!] ${name} `, "m"));
    }
    assert.match(output, /^✓ set-up {4}complete$/m);
    assert.match(output, /^✓ library {3}libtensorflow [\d.]+ loads and computes$/m);
    assert.match(output, /\nall that is needed is there\n$/);
    assert.equal(errors, "");
  },
});

Deno.test({
  name: "programs that only set-up needs aren't missed afterwards",
  ignore: !isSetUp,
  async fn() {
    using bin = folderWithHead();
    const { code, output } = await doctor(["--json"], bin.path);
    const { ready, checks } = JSON.parse(output);
    assert.deepEqual([code, ready], [0, true], output);
    const python = checks.find(({ name }: { readonly name: string }) => name === "Python");
    assert.deepEqual([python.state, python.found], ["note", "no python3 on the PATH"]);
  },
});

Deno.test("before set-up, it says what is missing and how to get it, within the terminal's columns", async () => {
  using bin = folderWithHead();
  using folder = temporaryFolder();
  for (const part of ["deno.json", "deno.lock", "src"]) {
    cpSync(join(projectRoot, part), join(folder.path, part), { recursive: true });
  }
  const { code, shown } = await runOnTerminal({
    program: "env", // the terminal itself is a program in Python
    args: [`PATH=${bin.path}`, Deno.execPath(), "task", "--quiet", "doctor"],
    cwd: folder.path,
    env: { PATH: Deno.env.get("PATH") ?? "", INIT_CWD: folder.path, NO_COLOR: "1" },
  });
  assert.equal(code, 1, shown);
  assert.match(shown, /✗ Python {4}no python3 on the PATH/);
  assert.match(shown, /✗ compiler {2}no c\+\+ on the PATH/);
  assert.match(shown, /apt install g\+\+/);
  assert.match(shown, /✗ set-up {4}to make: TensorFlow/);
  assert.match(shown, /something that is needed is missing/);
  assert.doesNotMatch(shown, /\n {4}at |NotCapable/);
});

Deno.test("the store's format, size and damage are told", async () => {
  using project = makeProject(chain);
  assert.deepEqual(await storeCheck(project.root), { name: "store", state: "ok", found: "no results yet" });
  await pipeline(project);
  const whole = await storeCheck(project.root);
  assert.equal(whole.state, "ok");
  assert.match(whole.found, /^5 results, \d+ B$/);
  const view = project.path("artifacts/all/all.txt"); // a link to the blob
  Deno.chmodSync(view, 0o644);
  Deno.writeTextFileSync(view, "damaged");
  const damaged = await storeCheck(project.root);
  assert.equal(damaged.state, "note");
  assert.match(damaged.found, /^5 results, \d+ B; 1 result damaged, such as [\da-f]{12}$/);
  project.write({ "artifacts/.store/format": `${formatVersion + 1}\n` });
  const newer = await storeCheck(project.root);
  assert.deepEqual([newer.state, newer.found], ["missing", `a store of format ${formatVersion + 1}`]);
});
