import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { programPath, projectRoot, temporaryFolder } from "../runtime/setup/tools.ts";

/** Runs the task in a project, with `path` as its PATH. */
async function denoTaskSetup(root: string, path: string, ...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "setup", ...args],
    cwd: root,
    // npx sets INIT_CWD to the folder that it was called in, which is another one for the tests' own task.
    env: { PATH: path, NO_COLOR: "1", INIT_CWD: root },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** Makes a copy of the project without set-up, and a folder that holds only the programs named. */
function freshProject(programs: readonly string[]) {
  const folder = temporaryFolder();
  for (const part of ["deno.json", "deno.lock", "src"]) {
    cpSync(join(projectRoot, part), join(folder.path, part), { recursive: true });
  }
  const bin = join(folder.path, "bin");
  mkdirSync(bin);
  for (const program of programs) symlinkSync(programPath(program), join(bin, program));
  return { root: folder.path, bin, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

Deno.test("where there is no Python, one message says what is missing and how to get it", async () => {
  using project = freshProject(["head", "c++"]);

  const { code, stderr } = await denoTaskSetup(project.root, project.bin);

  assert.equal(code, 2);
  assert.match(stderr, /found no python3 on the PATH, expected Python 3.8 or newer with pip/);
  assert.match(stderr, /apt install python3 python3-pip/);
  assert.doesNotMatch(stderr, /^ +at /m);
});

Deno.test("where Python has no pip, one message says so", async () => {
  using project = freshProject(["head", "c++"]);
  const environment = join(project.root, "python");
  const { success } = await new Deno.Command("python3", {
    args: ["-m", "venv", "--without-pip", environment],
  })
    .output();
  assert(success);

  const { code, stderr } = await denoTaskSetup(project.root, `${environment}/bin:${project.bin}`);

  assert.equal(code, 2);
  assert.match(stderr, /found a python3 without a working pip \(.*No module named pip\)/);
});

Deno.test("where there is no compiler, one message says so before anything is downloaded", async () => {
  using project = freshProject(["head"]);
  symlinkSync(realPython(), join(project.bin, "python3"));

  const { code, stderr } = await denoTaskSetup(project.root, project.bin);

  assert.equal(code, 2);
  assert.match(stderr, /found no c\+\+ on the PATH, expected a C\+\+ compiler/);
  assert(!existsSync(join(project.root, "artifacts/setup/tensorflow")));
});

Deno.test("--from a folder without the packages ends before anything is made, and needs no pip", async () => {
  using project = freshProject(["head", "c++"]);
  symlinkSync(realPython(), join(project.bin, "python3"));
  mkdirSync(join(project.root, "wheels"));

  const { code, stderr } = await denoTaskSetup(project.root, project.bin, "--from", "wheels");

  assert.equal(code, 2);
  assert.match(stderr, /found no file of tensorflow[^ ]*==\S+ in .*wheels, expected the file of tensorflow/);
  assert.doesNotMatch(stderr, /^ +at /m);
  assert(!existsSync(join(project.root, "artifacts/setup/tensorflow")));
});

Deno.test("arguments that it doesn't have are named, and --help says which it has", async () => {
  using project = freshProject(["head"]);
  const wrong = await denoTaskSetup(project.root, project.bin, "--form", "wheels");
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /^found Unknown option '--form'.*expected no options, or --from DIR$/m);
  const unknown = await denoTaskSetup(project.root, project.bin, "mpnet");
  assert.equal(unknown.code, 2);
  assert.match(
    unknown.stderr,
    /^found nothing to set up by the name "mpnet", expected no name, or mpnet-base$/m,
  );
  const help = await denoTaskSetup(project.root, project.bin, "--help");
  assert.deepEqual([help.code, help.stdout.split("\n")[0]], [
    0,
    "Usage: deno task setup [--from DIR] [NAME]",
  ]);
});

Deno.test({
  name: "once set up, the task says nothing and needs no Python, compiler or network (needs set-up)",
  ignore: !existsSync(join(projectRoot, "artifacts/setup/stamp.json")),
  async fn() {
    using project = freshProject(["head"]);

    const { code, stdout } = await denoTaskSetup(projectRoot, project.bin);

    assert.deepEqual({ code, stdout }, { code: 0, stdout: "" });
  },
});

/** Finds the interpreter itself, since the `python3` on the PATH may be a script that looks for it. */
function realPython(): string {
  const { stdout } = new Deno.Command("python3", { args: ["-c", "import sys; print(sys.executable)"] })
    .outputSync();
  return new TextDecoder().decode(stdout).trim();
}
