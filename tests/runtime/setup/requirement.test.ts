import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { parseRequirements } from "../../../src/runtime/setup/requirement.ts";

const folder = new URL("../../../src/runtime/setup/requirements/", import.meta.url);

for (const file of readdirSync(folder).sort()) {
  Deno.test(`${file} pins a version and a hash for each package and names no address`, () => {
    const text = readFileSync(new URL(file, folder), "utf8");
    const requirements = parseRequirements(text);

    assert(requirements.length > 0);
    for (const { name, hashes } of requirements) {
      assert.match(name, /^[A-Za-z0-9-]+==[0-9.]+$/);
      assert(hashes.length > 0, name);
    }
    assert.doesNotMatch(text, /:\/\/|--(extra-)?index/);
  });
}
