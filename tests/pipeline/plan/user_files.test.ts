/** Folders of the user with things in them that aren't files, and with names of all kinds. */

import assert from "node:assert/strict";
import { projectWith } from "../one_stage.ts";
import { pipeline, type Project } from "../synthetic.ts";

/** A project whose stage lists what is in the folder `data`, which a shell script fills. */
function projectWithFolder(script: string): Project {
  const project = projectWith(`
    const list = (folder, prefix) => [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
      isDirectory ? list(join(folder, name), prefix + name + "/") : [prefix + name]);
    Deno.writeTextFileSync(join(output, "text.txt"), JSON.stringify(list(input("text"), "").sort()));
    void give;`);
  project.write({ "pipeline.yaml": "stages:\n  one: { run: stages/one.ts, needs: { text: ./data } }\n" });
  Deno.mkdirSync(project.path("data"));
  const { success } = new Deno.Command("bash", { args: ["-ec", script], cwd: project.path("data") })
    .outputSync();
  assert.ok(success);
  return project;
}

Deno.test("whatever in an input folder isn't a file is named, and nothing of it is opened", async () => {
  using project = projectWithFolder(`
    echo text > a.txt
    mkdir inner; mkfifo inner/pipe
    python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
    ln -s /dev/zero endless; ln -s inner/pipe to-pipe; ln -s nowhere dangling; ln -s itself itself
    ln -s . here; ln -s ../inner inner/back; ln -s .. inner/up
    printf x > "$(printf 'caf\\351')"; mkfifo "$(printf 'two\\nlines')"`);
  for (const command of ["run", "status"]) {
    const { code, errors } = await pipeline(project, command);
    assert.equal(code, 2);
    const [first = ""] = errors.split("\n");
    assert.equal(
      first,
      "error: pipeline.yaml:2:45: found in ./data: caf\ufffd (a name that isn't UTF-8), " +
        "dangling (a link to nowhere, where nothing is), endless (a link to a device), " +
        "here (a link to a folder that it lies in), inner/back (a link to a folder that it lies in), " +
        "inner/pipe (a named pipe), inner/up (a link to a folder that it lies in), " +
        "itself (a link to itself, where nothing is), socket (a socket), to-pipe (a link to a named pipe), " +
        '"two\\nlines" (a named pipe), expected only files and folders, and links to such',
    );
    assert.match(errors, /\n {2}Remove or rename what else is there, or take other files as the input\.\n$/);
  }
});

Deno.test("an input that is itself a pipe, or a link to nothing, is named", async () => {
  using project = projectWithFolder("mkfifo pipe; ln -s nowhere link");
  for (
    const [name, what] of [["pipe", "a named pipe"], ["link", "a link to nowhere, where nothing is"]] as const
  ) {
    project.write({
      "pipeline.yaml": `stages:\n  one: { run: stages/one.ts, needs: { text: ./data/${name} } }\n`,
    });
    const { code, errors } = await pipeline(project);
    assert.equal(code, 2);
    assert.ok(
      errors.startsWith(`error: pipeline.yaml:2:45: found ./data/${name}, which is ${what}, expected`),
      errors,
    );
  }
});

Deno.test("an input that holds the results is refused before anything runs", async () => {
  using project = projectWithFolder("");
  for (const input of ["./", "./artifacts", "../"]) {
    Deno.mkdirSync(project.path("artifacts"), { recursive: true });
    project.write({
      "pipeline.yaml": `stages:\n  one: { run: stages/one.ts, needs: { text: "${input}" } }\n`,
    });
    const { code, errors } = await pipeline(project, "status");
    assert.equal(code, 2);
    assert.match(
      errors,
      /^error: pipeline\.yaml:2:45: found \.\S*, which holds the results of stages, expected/,
    );
  }
});

Deno.test("names of all kinds, links to files and folders linked twice are read", async () => {
  const names = [" ", "*", "..x", "-rf", '"q"', "A", "a", "a\nb", "b\\c", "e\u0301", "\u00e9", "\ufffd"];
  const more = ["__proto__", "constructor", "n".repeat(250)];
  using project = projectWithFolder(
    "mkdir inner; echo x > inner/x; ln -s inner one; ln -s inner two; ln -s inner/x link",
  );
  for (const name of [...names, ...more]) Deno.writeTextFileSync(project.path("data", name), name);
  assert.equal((await pipeline(project)).code, 0);
  assert.deepEqual(
    JSON.parse(project.read("artifacts/one/text.txt")).filter((name: string) => !/^one|^two/.test(name)),
    [...names, ...more, "inner/x", "link"].sort(),
  );
  assert.deepEqual((await pipeline(project)).ran, []);
  Deno.writeTextFileSync(project.path("data/__proto__"), "changed");
  assert.deepEqual((await pipeline(project)).ran, ["one"]);
});
