import assert from "node:assert/strict";
import { join } from "node:path";
import { InputError } from "../../src/errors.ts";
import { readConfig } from "../../src/nn/read_config.ts";
import { parseJson } from "../../src/nn/json.ts";
import { inFolder } from "../in_folder.ts";

/** Returns the message that an error shows for this text. */
function mistakeIn(text: string) {
  try {
    parseJson("config.json", text, "Correct it.");
  } catch (error) {
    assert.ok(error instanceof InputError);
    const { at, found } = error.mistake;
    return { place: `${at?.line}:${at?.column}`, found };
  }
  assert.fail("it is JSON");
}

// Each text has the place of the first character that JSON's grammar doesn't allow there.
const mistakes: readonly (readonly [text: string, place: string])[] = [
  ['{\n  "heads": 12,\n  "layers": six\n}\n', "3:13"],
  ['{\n  "heads": 12,\n}\n', "3:1"],
  ['{\n  "heads": 12\n  "layers": 6\n}\n', "3:3"],
  ["{'heads': 12}", "1:2"],
  ['{"heads": 012}', "1:12"],
  ['{"heads": [1, 2,]}', "1:17"],
  ['{"heads": "tw\nelve"}', "1:14"],
  ['{"heads": 12} // twelve', "1:15"],
  ['{"text": "\\u00g0"}', "1:15"],
  ['{"heads": 12,\n"layers"', "2:9"],
  ['{"heads": tru', "1:14"],
  ['{"heads": "tw', "1:14"],
  ['{"heads": -', "1:12"],
  ["<html>", "1:1"],
];

for (const [text, place] of mistakes) {
  Deno.test(`${JSON.stringify(text)} is no JSON at ${place}`, () => {
    assert.deepEqual(mistakeIn(text), { place, found: "text that is not JSON" });
  });
}

Deno.test("an empty file is called one", () => {
  assert.deepEqual(mistakeIn(""), { place: "1:1", found: "an empty file" });
});

Deno.test("JSON is parsed", () => {
  assert.deepEqual(parseJson("config.json", '{"heads": [12]}', "Correct it."), { heads: [12] });
});

Deno.test("a config.json that isn't JSON is one message with its path, line and column", () =>
  inFolder(async (folder) => {
    const file = join(folder, "config.json");
    await Deno.writeTextFile(file, '{\n  "model_type": bert\n}\n');
    await assert.rejects(readConfig(folder), (error) => {
      assert.ok(error instanceof InputError);
      assert.ok(
        error.message.startsWith(`${file}:2:17: found text that is not JSON, expected a JSON object\n`),
      );
      return true;
    });
  }));
