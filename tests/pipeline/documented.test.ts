import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

Deno.test("the table in docs/engine.md names each module of the engine once, and no other", () => {
  const rows = Deno.readTextFileSync(`${root}/docs/engine.md`).match(/^\| step [^]*?\n\n/m)?.[0] ?? "";
  const named = Array.from(rows.matchAll(/`([^`]+)`/g), ([, name]) => name).sort();
  const modules = [...Deno.readDirSync(`${root}/src/pipeline`)].map(({ name, isDirectory }) =>
    isDirectory ? `${name}/` : name.replace(/\.ts$/, "")
  );
  assert.deepEqual(named, modules.sort());
});
