import assert from "node:assert/strict";
import { parse } from "yaml";
import { fitCalibrator } from "../../src/calibration/calibrators/fit.ts";
import type { Predictions } from "../../src/calibration/predictions/classified.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import type { CardFacts } from "../../src/export/card_facts.ts";
import { measureSplit } from "../../src/export/figures.ts";
import { cardDiagram, modelCard } from "../../src/export/model_card.ts";
import type { ModelCalibrator } from "../../src/inference/calibrator_file.ts";
import { calibratedPredictions } from "../calibration/synthetic.ts";
import { classes } from "./tiny_export.ts";

/** Predictions that are 1.6 times as sure as they should be. */
function overconfident(seed: number): Predictions {
  const predictions = calibratedPredictions(2000, 3, seed);
  return { ...predictions, logits: predictions.logits.map((logit) => 1.6 * logit) };
}

const calibrator: ModelCalibrator = {
  model: { digest: "0".repeat(64), variant: "hidden", precision: "bfloat16" },
  classes: [...classes],
  calibrator: fitCalibrator("temperature", overconfident(1)),
  fittedOn: { name: "/home/somebody/dev1.jsonl", examples: 2000 },
  examples: { confidence: [], right: [], truth: [], energy: Array.from({ length: 200 }, (_, i) => i / 100) },
};

const counts = { rows: 2000, perClass: [700, 700, 600] };

const facts: CardFacts = {
  name: "finetune@hidden",
  classifier: {
    ...{ variant: "hidden", family: "bert", classes: [...classes], maxTokens: 128, noiseRatio: 1, seed: 1 },
    kept: { step: 20, lastStep: 20, steps: 20, why: "the last step" },
    ...{ calibrated: true, temperature: 1.6 },
  },
  calibrator,
  data: {
    sources: ["my | reviews: *all*"],
    dataset: {
      ...{ classes: [...classes], pairs: true },
      splits: { train: counts, tune: counts, dev1: counts, dev2: counts },
      duplicates: { groups: 0, rows: 0, droppedFromTrain: 0 },
    } satisfies Dataset,
  },
  measured: [measureSplit("dev2", overconfident(3), calibrator)],
  provenance: { "Action key": "0".repeat(64), "Data": "my | reviews: *all*" },
  parameters: { steps: 20 },
};

/** Splits a card into its front matter and its text. */
function partsOf(card: string) {
  const [, front, text] = card.match(/^---\n([^]*?)---\n\n([^]*)$/) ?? [];
  return { front: parse(front), text };
}

Deno.test("a card tells the figures of what the exported model gives: calibrated, or as it was trained", () => {
  const [{ uncalibrated, calibrated }] = facts.measured;
  for (const isCalibrated of [true, false]) {
    const classifier = { ...facts.classifier, calibrated: isCalibrated, temperature: isCalibrated ? 1.6 : 1 };
    const { front, text } = partsOf(modelCard({ ...facts, classifier }));
    const { figures } = isCalibrated ? calibrated! : uncalibrated;
    const [{ name, results: [{ dataset, metrics }] }] = front["model-index"];
    assert.equal(name, "finetune@hidden");
    assert.deepEqual(dataset, {
      name: "my | reviews: *all* (dev2)",
      type: "my | reviews: *all*",
      split: "dev2",
    });
    assert.deepEqual(metrics, [
      ...(["accuracy", "nll", "brier", "ece"] as const).map((type) => ({ type, value: figures[type].value })),
    ]);
    assert.equal(/\/ 1\.\d+\)\.softmax\(-1\)/.test(text), !isCalibrated);
    assert.equal(/logits = 1\.6 \* model/.test(text), isCalibrated);
  }
  const aboveFloor = ({ figures }: typeof uncalibrated) => figures.ece.value > figures.ece_floor.high;
  assert.deepEqual([uncalibrated, calibrated!].map(aboveFloor), [true, false]);
});

Deno.test("names from data neither format a card nor break its tables", () => {
  const { text } = partsOf(modelCard(facts));
  assert.doesNotMatch(text, /(?<!\\)<b>/);
  assert.ok(text.includes(String.raw`3 classes: sun \& \*rain\*, it's "grey": \| #1, \<b>wet\</b>.`));
  const [table = ""] = text.match(/\| Split [^]*?\n\n/) ?? [];
  const cells = table.trim().split("\n").map((row) => row.split(/(?<!\\)\|/).length);
  assert.deepEqual(cells, Array(6).fill(7));
  assert.ok(!text.includes("/home/somebody"), "of a person's own file only its name is told");
});

Deno.test("99 % of the energies are at most as high as the card says", () => {
  assert.match(modelCard(facts), /Of 200 texts of dev1\.jsonl, 99 % have an energy of at most 1\.970/);
});

Deno.test("what isn't known is told as that", () => {
  const { calibrator: _, ...others } = facts;
  const classifier = { ...facts.classifier, variant: "baseline", calibrated: false, temperature: 1 } as const;
  const card = modelCard({ ...others, calibrator: undefined, classifier, data: undefined, measured: [] });
  for (const part of ["isn't calibrated.", "It wasn't evaluated.", "isn't in the store any more"]) {
    assert.ok(card.includes(part), part);
  }
  assert.doesNotMatch(card, /## Energy|model-index|reliability\.svg/);
});

Deno.test("the diagram's colours are in it, for viewers that know no style sheets' variables", () => {
  const svg = cardDiagram(facts.measured[0]);
  assert.doesNotMatch(svg, /var\(|@media|<style/);
  assert.match(svg, /fill="#[0-9a-f]{6}"/);
  assert.equal(svg.match(/<svg role="img"/g)?.length, 2, "as trained and calibrated");
});
