/** The Python code in model cards. */

import type { Variant } from "../ebm/classifier/variant.ts";
import { hasScalarHead } from "../ebm/classifier/variant.ts";
import { libraryClassifiers } from "./family.ts";
import { energyHeadName, type ExportedClassifier } from "./transformers_folder.ts";

/**
 * Shows how texts get probabilities.
 *
 * @param divisor what logits have to be divided by to be calibrated; 1 where they are, or can't be
 */
export function probabilitiesCode(pairs: boolean, divisor: number): string {
  const logits = "model(**inputs).logits";
  return fenced([
    "import torch",
    "from transformers import AutoModelForSequenceClassification, AutoTokenizer",
    "",
    'folder = "."  # where this model is',
    ...(pairs ? ['texts, pairs = ["A text."], ["The text beside it."]'] : ['texts = ["A text."]']),
    "tokenizer = AutoTokenizer.from_pretrained(folder)",
    "model = AutoModelForSequenceClassification.from_pretrained(folder).eval()",
    `inputs = tokenizer(texts, ${pairs ? "pairs, " : ""}truncation=True, padding=True, return_tensors="pt")`,
    "with torch.inference_mode():",
    `    probabilities = ${divisor === 1 ? logits : `(${logits} / ${divisor})`}.softmax(-1)`,
    "print(model.config.id2label, probabilities)",
  ]);
}

/** Shows how texts get energies, as a continuation of that; the classifier has an energy. */
export function energyCode({ family, variant, temperature }: ExportedClassifier): string {
  if (!hasScalarHead(variant)) {
    const logits = temperature === 1 ? "model(**inputs).logits" : `${temperature} * model(**inputs).logits`;
    return fenced([
      "with torch.inference_mode():",
      `    logits = ${logits}  # as they were trained`,
      `    energy = ${energyOfLogits(variant)}`,
    ]);
  }
  const { activation } = libraryClassifiers[family];
  return fenced([
    "from safetensors.torch import load_file",
    "from torch.nn.functional import linear",
    "",
    `head = load_file(f"{folder}/${energyHeadName}")`,
    "with torch.inference_mode():",
    "    state = model.base_model(**inputs).last_hidden_state[:, 0]",
    `    hidden = ${activation}(linear(state, head["dense.weight"], head["dense.bias"]))`,
    '    energy = linear(hidden, head["out_proj.weight"], head["out_proj.bias"])[:, 0]',
  ]);
}

/** Returns the energy E(x) of `energy` in `objective.ts`, as Python code. */
function energyOfLogits(variant: Variant): string {
  switch (variant) {
    case "hidden":
      return "-torch.logsumexp(logits, -1)";
    case "negated-hidden":
      return "torch.logsumexp(logits, -1)";
    case "negated-sharp-hidden":
      return "logits.max(-1).values";
    default: // sharp-hidden, and the variants that are told classes in training
      return "-logits.max(-1).values";
  }
}

function fenced(lines: readonly string[]): string {
  return ["```python", ...lines, "```"].join("\n");
}
