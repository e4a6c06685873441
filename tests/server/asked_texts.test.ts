import assert from "node:assert/strict";
import { InputError } from "../../src/errors.ts";
import { askedTexts } from "../../src/server/asked_texts.ts";
import { HttpError } from "../../src/server/http_error.ts";

const limits = { texts: 3, textLength: 10 };
const ask = (body: unknown, check: Parameters<typeof askedTexts>[2] = () => {}) =>
  askedTexts(body, limits, check);

Deno.test("a text, a pair or tokens are read alone or in a list, and numbered unless they have names", () => {
  assert.deepEqual(ask("good"), { texts: [{ id: 1, content: { text: "good" } }], isList: false });
  assert.deepEqual(ask([{ id: "x", text: "a", pair: "b" }, "good", { input_ids: [2, 3] }]), {
    texts: [
      { id: "x", content: { text: "a", pair: "b" } },
      { id: 2, content: { text: "good" } },
      { id: 3, content: { ids: [2, 3] } },
    ],
    isList: true,
  });
});

Deno.test("what isn't a text is refused with its place, and without advice on the command line", () => {
  const refused: readonly (readonly [unknown, number, string])[] = [
    [null, 422, 'text: found null, expected an object such as {"text": "…"}'],
    ["", 422, "text: found an empty text, expected a text"],
    [["a", { text: null }], 422, "text 2: found text = null, expected a text"],
    [{ txt: "a" }, 422, 'text: found no "text" among "txt", expected the text to classify'],
    [[], 422, "found an empty list, expected at least one text"],
    [["a", "b", "c", "d"], 413, "found 4 texts, expected at most 3 in one request"],
    ["a longer text", 413, "text: found 13 characters, expected at most 10"],
    [{ text: "a", pair: "a longer text" }, 413, "text: found 13 characters, expected at most 10"],
  ];
  for (const [body, status, message] of refused) {
    assert.throws(() => ask(body), (error) => {
      assert.ok(error instanceof HttpError);
      assert.deepEqual([error.status, error.message], [status, message]);
      return true;
    });
  }
});

Deno.test("what the classifier can't read is refused too", () => {
  const unreadable = () => {
    throw new InputError({ at: { file: "text 2" }, found: "id 99", expected: "ids below 50" });
  };
  assert.throws(() => ask([{ input_ids: [99] }], unreadable), /text 2: found id 99, expected ids below 50/);
});
