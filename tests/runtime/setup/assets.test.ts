import assert from "node:assert/strict";
import { assetsFor } from "../../../src/runtime/setup/assets.ts";

Deno.test("every platform has the same encoder and data, and a libtensorflow of its own", () => {
  const platforms = ["linux-x86_64", "linux-x86_64-cuda", "linux-arm64", "macos-arm64"] as const;
  const [first, ...others] = platforms.map((platform) => assetsFor(platform));

  for (const assets of others) {
    assert.deepEqual(assets.map(({ name }) => name), ["tensorflow", "minilm-l6", "hutto-icwsm-2014"]);
    assert.deepEqual(assets.slice(1), first.slice(1));
    assert.equal(assets[0].facts?.tensorflow, first[0].facts?.tensorflow);
    assert.notDeepEqual(assets[0], first[0]);
  }
});
