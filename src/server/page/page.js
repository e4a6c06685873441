/** Shows what the model says of a text. Whatever comes from people or files is put in as text, never as HTML. */

const element = (id) => document.getElementById(id);
const percent = (share, digits = 1) => `${(100 * share).toFixed(digits)} %`;

const model = await ask("model");
element("model").textContent = model.model;
document.title = `${model.model} – Calibrant`;
element("about").textContent = model.promises.join(". ") + ".";

element("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const [text, pair] = ["text", "pair"].map((id) => element(id).value);
  element("error").hidden = element("answer").hidden = true;
  try {
    show(
      await ask("predict", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(pair.trim() === "" ? { text } : { text, pair }),
      }),
    );
  } catch (error) {
    element("error").textContent = error.message;
    element("error").hidden = false;
  }
});

/** Asks the server, and throws what it says where it refuses. */
async function ask(path, options) {
  const response = await fetch(path, options);
  const value = await response.json();
  if (!response.ok) throw new Error(value.error);
  return value;
}

function show(answer) {
  const confidence = answer.probs[answer.label];
  element("label").textContent = `${answer.label}, with ${percent(confidence)} confidence`;
  element("probabilities").replaceChildren(
    ...Object.entries(answer.probs).sort(([, a], [, b]) => b - a).map(probabilityRow),
  );
  element("remarks").replaceChildren(
    ...remarks(answer, confidence).map((remark) =>
      Object.assign(document.createElement("li"), { textContent: remark })
    ),
  );
  element("answer").hidden = false;
}

function probabilityRow([name, probability]) {
  const row = document.createElement("tr");
  const heading = Object.assign(document.createElement("th"), { scope: "row", textContent: name });
  const bar = Object.assign(document.createElement("meter"), { value: probability, ariaLabel: name });
  row.append(heading);
  row.insertCell().append(bar);
  row.insertCell().textContent = percent(probability, 2);
  return row;
}

function remarks(answer, confidence) {
  return [
    reliability(confidence),
    familiarity(answer),
    answer.cut ? `Only the first ${model.maxTokens} tokens were read, because the text is longer.` : "",
    answer.abstain
      ? "The confidence is too low for the error that was asked for: leave this text to a person."
      : "",
    answer.set ? `Conformal set: ${answer.set.join(", ") || "no class"}.` : "",
  ].filter((remark) => remark !== "");
}

/** Says how often the model was right on dev2 where it was as sure, which is a bin of its reliability diagram. */
function reliability(confidence) {
  if (!model.dev2) {
    return "How often so sure an answer is right isn't known: the pipeline didn't evaluate this model.";
  }
  const bin = model.dev2.metrics.reliability.find(({ lower, upper }) =>
    lower < confidence && confidence <= upper
  );
  if (!bin) {
    return "None of the answers on dev2 was so sure, so nothing shows how often such answers are right.";
  }
  const range = `${percent(bin.lower, 0)} to ${percent(bin.upper, 0)}`;
  return `Of answers this sure on dev2 (confidence of ${range}), ${
    percent(bin.accuracy)
  } are right (n = ${bin.count}).`;
}

/** Says how unlike the training texts a text is, by its energy. */
function familiarity({ energy, energyQuantile, unfamiliar }) {
  if (energy === undefined) return "";
  const shown = `Energy ${energy.toFixed(3)}`;
  if (energyQuantile === undefined) return `${shown}; there are no labelled texts to compare it with.`;
  const texts = model.calibrator
    ? `${model.calibrator.fittedOn.examples} texts of ${model.calibrator.fittedOn.name}`
    : "labelled texts";
  const verdict = unfamiliar ? "unlike the training texts" : "not unlike the training texts";
  return `${shown}: as high as or higher than that of ${
    percent(energyQuantile)
  } of the ${texts}; ${verdict}.`;
}
