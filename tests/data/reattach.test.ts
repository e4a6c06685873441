import assert from "node:assert/strict";
import { reattach } from "../../src/data/reattach.ts";

for (
  const [detached, attached] of [
    ["He said , on Monday .", "He said, on Monday."],
    ["the company 's growth doesn 't fit , they 'll say", "the company's growth doesn't fit, they'll say"],
    ["it does n't", "it doesn't"],
    ["Intel ( INTC ) rose 9 % to $ 24.50 ; why ?", "Intel (INTC) rose 9% to $24.50; why?"],
    ["the index .SPX gained .5", "the index .SPX gained .5"],
    [
      'he called " the witness " , of distorting',
      'he called " the witness ", of distorting',
    ],
    ["the Dolphins ' loss", "the Dolphins ' loss"],
    ["'shall we ' stay", "'shall we ' stay"],
  ]
) {
  Deno.test(`detached punctuation: ${detached}`, () => assert.equal(reattach(detached), attached));
}
