/** PyTorch's independent run of the default pipeline's trainings, on a few texts. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readPredictions } from "../../../src/calibration/predictions/logits_file.ts";
import { assertClose } from "../../close.ts";
import { isSetUp } from "../../pipelines/copy.ts";
import { scratch } from "../../scratch.ts";

/** A Python that has PyTorch and transformers, which take gigabytes and so aren't installed here. */
const python = Deno.env.get("CALIBRANT_TORCH_PYTHON");
const root = fileURLToPath(new URL("../../..", import.meta.url));

for (const variant of ["baseline", "hidden"]) {
  Deno.test({
    name:
      `PyTorch trains the ${variant} on the same files, and its predictions are read as Calibrant's own are`,
    ignore: python === undefined || !isSetUp,
    fn: async () => {
      const folder = join(scratch, variant);
      const rows = Array.from(
        { length: 20 },
        (_, at) => ({ id: `r${at}`, text: `film ${at}`, label: at % 2 }),
      );
      const write = (path: string, written: readonly object[]) => {
        mkdirSync(join(folder, path, ".."), { recursive: true });
        writeFileSync(join(folder, path), written.map((row) => `${JSON.stringify(row)}\n`).join(""));
      };
      write("data/train.jsonl", rows);
      write("data/dev1.jsonl", rows.slice(0, 3));
      write("data/dev2.jsonl", rows.slice(3, 9));
      write("noise/train.jsonl", rows.map(({ id, text }) => ({ id, text: `${text} ${text}` })));

      const { code, stderr } = await new Deno.Command(python!, {
        args: [
          join(root, "bench/peers/finetune_peer.py"),
          join(root, "artifacts/setup/minilm-l6"),
          ...["data", "noise"].map((name) => join(folder, name)),
          ...[variant, "1", join(folder, "out"), "2"],
        ],
      }).output();
      assert.equal(code, 0, new TextDecoder().decode(stderr));

      const { ids, labels, logits, classes, energies } = await readPredictions(
        join(folder, "out/predictions.dev2.jsonl"),
      );
      assert.deepEqual(ids, ["r3", "r4", "r5", "r6", "r7", "r8"]);
      assert.deepEqual([...labels], [1, 0, 1, 0, 1, 0]);
      assert.equal(classes, 2);
      if (variant === "baseline") return assert.equal(energies, undefined);
      const expected = ids.map((_, row) =>
        -Math.log(Math.exp(logits[2 * row]!) + Math.exp(logits[2 * row + 1]!))
      );
      assertClose([...energies!], expected, 1e-6);
    },
  });
}
