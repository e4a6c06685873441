import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readCheckpoint } from "../../src/nn/checkpoint.ts";
import { readSafetensors, writeSafetensors } from "../../src/nn/safetensors.ts";
import { fixture } from "../fixtures.ts";
import { inFolder } from "../in_folder.ts";

for (const family of ["distilbert", "electra", "mpnet"]) {
  Deno.test(`${family}'s weights are found under the names of the library's first versions, with and without prefix`, async () => {
    const from = fixture(`${family}-tiny-random`);
    const expected = await readCheckpoint(from);
    const tensors = await readSafetensors(join(from, "model.safetensors"));
    for (const prefix of [`${family}.`, ""]) {
      await inFolder(async (folder) => {
        const early = (name: string) =>
          name.replace(`${family}.`, prefix).replace(/((LayerNorm|layer_norm)\.)weight$/, "$1gamma")
            .replace(/((LayerNorm|layer_norm)\.)bias$/, "$1beta");
        const renamed = new Map(Array.from(tensors, ([name, weight]) => [early(name), weight]));
        await writeSafetensors(join(folder, "model.safetensors"), renamed);
        await copyFile(join(from, "config.json"), join(folder, "config.json"));
        const { config, weights } = await readCheckpoint(folder);
        assert.deepEqual(config, expected.config);
        assert.deepEqual(new Map([...weights].sort()), new Map([...expected.weights].sort()));
      });
    }
  });
}

Deno.test("weights of another family than config.json names are refused by the prefix of their names", async () => {
  await inFolder(async (folder) => {
    const config = JSON.parse(readFileSync(fixture("electra-tiny-random/config.json"), "utf8"));
    await writeFile(join(folder, "config.json"), JSON.stringify({ ...config, model_type: "bert" }));
    const weights = fixture("electra-tiny-random/model.safetensors");
    await copyFile(weights, join(folder, "model.safetensors"));
    await assert.rejects(
      readCheckpoint(folder),
      /config\.json: found a model of the type bert, whose weights have "electra\./,
    );
  });
});
