import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

Deno.test("the table in docs/engine.md names each folder of the engine with its modules, and no other", () => {
  const table = Deno.readTextFileSync(`${root}/docs/engine.md`).match(/^\| folder [^]*?\n\n/m)?.[0] ?? "";
  const documented = table.trim().split("\n").slice(2).map((row) => {
    const [folder, ...modules] = Array.from(row.matchAll(/`([^`]+)`/g), ([, name]) => name);
    return [folder, modules.sort()];
  });
  const folders = [...Deno.readDirSync(`${root}/src/pipeline`)].filter(({ isDirectory }) => isDirectory);
  const found = folders.map(({ name }) => {
    const modules = [...Deno.readDirSync(`${root}/src/pipeline/${name}`)];
    return [`${name}/`, modules.map((module) => module.name.replace(/\.ts$/, "")).sort()];
  });
  assert.deepEqual(Object.fromEntries(documented), Object.fromEntries(found));
});
