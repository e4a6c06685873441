import assert from "node:assert/strict";
import { newTexts } from "../../../src/cli/init/new_texts.ts";
import type { Form } from "../../../src/data/inspection/form.ts";

const suggested = (form: Partial<Form>, text: string | number, pair?: string, header = true) =>
  newTexts({
    form: { kind: "csv", encoding: "utf-8", isAscii: true, ...form },
    header,
    roles: { text, label: "label", ...(pair === undefined ? {} : { pair }) },
  });

Deno.test("new texts are named as predict reads them", () => {
  assert.equal(suggested({}, "the text"), "NEW.csv --text-column 'the text'");
  assert.equal(
    suggested({ delimiter: ";" }, " review", "it's"),
    "NEW.csv --text-column 'review' --pair-column 'it'\\''s' --delimiter ';'",
  );
  assert.equal(suggested({ kind: "jsonl" }, "text"), "NEW.jsonl --text-column 'text'");
  assert.equal(suggested({ kind: "jsonl" }, "example.premise"), "NEW.txt");
  assert.equal(suggested({ kind: "jsonl" }, 1), "NEW.txt");
  assert.equal(suggested({ kind: "tsv" }, 0, undefined, false), "NEW.txt");
});
