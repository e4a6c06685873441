import assert from "node:assert/strict";
import { assetByName, assetsFor } from "../../../src/runtime/setup/assets.ts";

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

Deno.test("the encoder of base size is downloaded only for who names it, and no other name leads anywhere", () => {
  const encoder = assetByName("mpnet-base");
  assert.equal(encoder.requirements.length, encoder.parts?.length);
  assert.ok(!assetsFor("linux-x86_64").some(({ name }) => name === encoder.name));
  for (const name of ["mpnet", "tensorflow", "../mpnet-base", "mpnet-base/", ""]) {
    assert.throws(
      () => assetByName(name),
      /found nothing to set up by the name ".*", expected no name, or mpnet-base/,
    );
  }
});
