import assert from "node:assert/strict";
import { InputError } from "../../src/errors.ts";
import { checkTokens, isTokenised, type TextFields, textRow } from "../../src/inference/text_row.ts";
import { tinyConfig } from "../tiny_classifier.ts";

const at = { file: "texts.jsonl", line: 3 };
const read = (value: unknown, fields: TextFields = {}) => textRow(value, fields, at);

Deno.test("a row is a text, a pair of texts or tokens, perhaps with an id; other fields are ignored", () => {
  assert.deepEqual(read({ text: "a", stars: 5 }), { content: { text: "a" } });
  assert.deepEqual(read({ id: "x", text: "a", pair: "b" }), { id: "x", content: { text: "a", pair: "b" } });
  assert.deepEqual(read({ id: 0, review: "a", text: 7 }, { text: "review" }), {
    id: 0,
    content: { text: "a" },
  });
  assert.deepEqual(read({ text: "a", pair: undefined }), { content: { text: "a" } });
  assert.deepEqual(read({ q: "a", a: "b" }, { text: "q", pair: "a" }), { content: { text: "a", pair: "b" } });
  const { content } = read({ input_ids: [2, 5], token_type_ids: [0, 1], attention_mask: [1, 1] });
  assert.deepEqual(content, { ids: [2, 5], typeIds: [0, 1] });
  assert.ok(isTokenised(content) && !isTokenised({ text: "a" }));
});

Deno.test("what isn't such a row is refused, with what was found and what to do", () => {
  const refused: readonly (readonly [unknown, TextFields, RegExp])[] = [
    ["a text", {}, /found "a text", expected an object such as \{"text": "…"\}/],
    [null, {}, /found null, expected an object/],
    [{ text: null }, {}, /found text = null, expected a text\n {2}Leave the row out/],
    [{ text: " \n" }, {}, /found an empty text, expected a text/],
    [{ text: ["a"] }, {}, /found text = \["a"\], expected a text/],
    [{ text: "a", pair: "" }, {}, /found an empty pair, expected a text/],
    [{ txt: "a", n: 1 }, {}, /found no "text" among "txt", "n", .*\n.*--text-column\. Did you mean "txt"\?/],
    [{}, {}, /found an empty object, expected the text to classify/],
    [{ text: "a" }, { pair: "hypothesis" }, /found no "hypothesis" among "text"/],
    [{ text: "a", id: 1.5 }, {}, /found id 1\.5, expected a text that names the row, or a whole number/],
    [{ input_ids: [] }, {}, /found no input_ids/],
    [{ input_ids: [1, -1] }, {}, /found input_ids = \[1,-1\], expected a list of whole numbers from 0/],
    [
      { input_ids: [1, 0], attention_mask: [1, 0] },
      {},
      /found attention_mask with zeros, expected tokens without padding/,
    ],
    [{ input_ids: [1, 2], token_type_ids: [0] }, {}, /found 1 token_type_ids, expected 2/],
  ];
  for (const [value, fields, message] of refused) {
    assert.throws(() => read(value, fields), (error) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, /^texts\.jsonl:3: /);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("tokens beyond the encoder's positions, vocabulary or types are refused", () => {
  const check = (ids: readonly number[], typeIds: readonly number[] = []) => () =>
    checkTokens({ ids, typeIds }, tinyConfig, at);
  assert.throws(check(new Array(65).fill(1)), /found 65 tokens, expected at most 64/);
  assert.throws(check([1, 50]), /found 50 in input_ids, expected ids below 50/);
  assert.throws(check([1, 2], [0, 2]), /found 2 in token_type_ids, expected ids below 2/);
  check(new Array(64).fill(49), new Array(64).fill(1))();
  checkTokens({ ids: [1, 2], typeIds: [0, 1] }, { ...tinyConfig, typeCount: 0 }, at); // which it ignores
});
