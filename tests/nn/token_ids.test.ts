/** Token ids are those of the transformers library for the same files, on texts that are hard to split. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fixture } from "../fixtures.ts";
import { type Case, folders, randomCases } from "./token_id_cases.ts";
import {
  askTransformers,
  encodeAll,
  pointDigests,
  pythonWithTransformers,
  withFolders,
} from "./token_ids.ts";

interface Stored {
  readonly cases: readonly Case[];
  /** The ids of each case, set apart by spaces, by folder. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
  /** Digests of 4096 code points each, set apart by spaces. */
  readonly points: Readonly<Record<string, string>>;
}

const stored: Stored = JSON.parse(readFileSync(fixture("token-ids.json"), "utf8"));

Deno.test("every code point is normalized and split as the tokenizers library does it", () => {
  for (const [part, digests] of Object.entries(pointDigests())) {
    const expected = stored.points[part].split(" ");
    const wrong = digests.flatMap((digest, block) =>
      digest === expected[block] ? [] : [`U+${(4096 * block).toString(16)}…`]
    );
    assert.deepEqual(wrong, [], part);
  }
});

Deno.test("ids are the stored ones of the transformers library, for every tokenizer and text", async () => {
  assert.deepEqual(Object.keys(stored.ids), Object.keys(folders));
  await withFolders(folders, async (paths) => {
    for (const [index, [name, expected]] of Object.entries(stored.ids).entries()) {
      const ids = await encodeAll(paths[index], stored.cases);
      for (const [row, { text }] of stored.cases.entries()) {
        assert.equal(ids[row].join(" "), expected[row], `${name}: ${JSON.stringify(text)}`);
      }
    }
  });
});

Deno.test("ids are the transformers library's, where it can be installed (TOKEN_ID_TEXTS: how many texts)", async () => {
  const python = await pythonWithTransformers();
  if (python === undefined) return;
  const count = Number(Deno.env.get("TOKEN_ID_TEXTS") ?? 300);
  const cases = randomCases(count, 1);
  await withFolders(folders, async (paths) => {
    const { ids, points } = await askTransformers(python, paths, cases, true);
    assert.deepEqual(pointDigests(), points);
    for (const [index, name] of Object.keys(folders).entries()) {
      const ours = await encodeAll(paths[index], cases);
      for (const [row, one] of cases.entries()) {
        assert.deepEqual(ours[row], ids[index][row], `${name}: ${JSON.stringify(one)}`);
      }
    }
  });
});
