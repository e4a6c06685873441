import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../../src/errors.ts";
import type { Asset } from "../../../src/runtime/setup/assets.ts";
import { download, filesBelow } from "../../../src/runtime/setup/download.ts";
import { environment, pin, temporaryFolder, writeArchive, writeTinyWheel } from "./tools.ts";

function tiny(
  requirements: Asset["requirements"],
  packages: Asset["packages"] = { wheelsFor: ["any"] },
): Asset {
  return {
    name: "tiny",
    title: "tiny",
    requirements,
    packages,
    downloadMegabytes: 1,
    unpackedMegabytes: 1,
    members: {},
  };
}

/** Makes a place for downloads, and lets pip look into `path` and nowhere else. */
function index() {
  const folder = temporaryFolder();
  const settings = environment({ PIP_NO_INDEX: "1", PIP_FIND_LINKS: folder.path, PIP_NO_CACHE_DIR: "1" });
  const places = { downloads: join(folder.path, "downloads"), work: join(folder.path, "work") };
  mkdirSync(places.work);
  return {
    path: folder.path,
    places,
    [Symbol.dispose]() {
      settings[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}

Deno.test("a pinned wheel is downloaded once: a second time needs neither pip nor a network", async () => {
  using source = index();
  const wheel = writeTinyWheel(source.path, { "package/a.txt": "1" });
  const asset = tiny(pin(wheel));

  const [first] = await download(asset, source.places, () => {});
  assert.deepEqual(readFileSync(first), readFileSync(wheel));

  Deno.removeSync(wheel);
  assert.deepEqual(await download(asset, source.places, () => {}), [first]);
});

Deno.test("a wheel with another hash than the pinned one is refused, and nothing of it is kept", async () => {
  using source = index();
  const asset = tiny(pin(writeTinyWheel(source.path, { "package/a.txt": "right" })));
  writeTinyWheel(source.path, { "package/a.txt": "wrong" });

  await assert.rejects(download(asset, source.places, () => {}), (error: unknown) => {
    assert(error instanceof InputError);
    assert.match(error.message, /found a download with a wrong hash/);
    return true;
  });
  assert(!existsSync(source.places.downloads));
});

Deno.test("without a network the message says so", async () => {
  using source = index();
  using _unreachable = environment({
    PIP_NO_INDEX: "0",
    PIP_INDEX_URL: "http://127.0.0.1:9/",
    PIP_RETRIES: "1",
  });
  const asset = tiny(pin(writeTinyWheel(source.path, {})));
  Deno.removeSync(join(source.path, "tiny-1.0-py3-none-any.whl"));

  await assert.rejects(download(asset, source.places, () => {}), /found no way to the package index/);
});

Deno.test("a source archive is downloaded without running its setup.py", async () => {
  using source = index();
  const archive = join(source.path, "tiny-1.0.tar.gz");
  const trace = join(source.path, "setup-was-run");
  writeArchive(archive, {
    "tiny-1.0/PKG-INFO": "Metadata-Version: 1.0\nName: tiny\nVersion: 1.0\n",
    "tiny-1.0/setup.py": `open(${JSON.stringify(trace)}, "w").close()`,
  });

  const [file] = await download(tiny(pin(archive), "source archives"), source.places, () => {});

  assert.deepEqual(readFileSync(file), readFileSync(archive));
  assert(!existsSync(trace));
});

Deno.test("files are found beside folders that come and go", async () => {
  using folder = temporaryFolder();
  const [kept, passing] = ["kept", "passing"].map((name) => join(folder.path, name));
  Deno.writeTextFileSync(kept, "");
  // Because of the trap, a command that is under way ends before the shell does.
  const script = 'trap exit TERM; while mkdir -p "$1/a/b/c"; do touch "$1/a/b/c/file"; rm -r "$1/a"; done';
  const churn = new Deno.Command("sh", { args: ["-c", script, "sh", passing] }).spawn();

  try {
    for (let look = 0; look < 2000; look++) assert.ok(filesBelow(folder.path).includes(kept));
  } finally {
    churn.kill();
    await churn.status;
  }
});
