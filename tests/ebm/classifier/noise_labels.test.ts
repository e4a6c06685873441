import assert from "node:assert/strict";
import { withSourceLabels } from "../../../src/ebm/classifier/noise_labels.ts";

const texts = [{ id: "a#1", label: 2 }, { id: "b", label: 0 }];

Deno.test("noise has the class of the text that its id names, even where that has a # itself; its own comes first", async () => {
  const noise = [{ id: "b#12", text: "x" }, { id: "a#1#0", text: "y" }, { id: "b#3", text: "z", label: 1 }];
  assert.deepEqual(await Array.fromAsync(withSourceLabels(noise, texts)), [
    { id: "b#12", text: "x", label: 0 },
    { id: "a#1#0", text: "y", label: 2 },
    { id: "b#3", text: "z", label: 1 },
  ]);
});

Deno.test("noise that was made of no text of the data is refused", async () => {
  await assert.rejects(
    Array.fromAsync(withSourceLabels([{ id: "c#0" }], texts)),
    /found the noise text "c#0", whose class isn't known/,
  );
});
