import { figures, usualFigures } from "../../calibration/metrics/figures.ts";
import { vocabulary } from "../../calibration/metrics/vocabulary.ts";

const nameWidth = Math.max(...Object.keys(vocabulary).map((name) => name.length)) + 4;
const pageWidth = 108;

/** What `deno task metrics --help` says below the options. */
export const explanation = `
A FILE (- is standard input) holds one example a line, as JSON or as CSV with a header:
  {"label": 1, "logits": [-0.3, 1.2]}       label,logit_0,logit_1
  {"label": 1, "probs": [0.2, 0.8]}         label,prob_0,prob_1
  {"label": "pos", "probs": {"neg": 0.2, "pos": 0.8}}
                                            label,prob_neg,prob_pos
"label" is the true class: its number from 0, or its name where classes have names. "id", "energy" and
"votes" (the share of people who chose class 1 of two, or a list with the share of each class, which CSV has
no place for) may be there too; other fields are ignored. Fields of CSV are separated by commas, semicolons or
tabs. Probabilities are measured as they are given; each row sums to 1 within 0.001, unless --normalize
divides it by its sum.

--columns tells other names of columns: label=y_true,probs=p0,p1 where those of the classes are in their
order, or label=y_true,probs=y_prob where one column holds the probability of class 1 of two.
--classes neg,pos tells what classes are called in labels, where columns don't say so, and their order.

Figures (↑ higher is better, ↓ lower is better):
${figuresHelp((name) => !isExtra(name))}

Further figures, with --all:
${figuresHelp(isExtra)}

Figures of votes are there only where the file has votes. Bins are bins of confidence, as --bins, --binning,
--edge and --precision say. docs/metrics.md defines all figures and calibrators.

--bootstrap adds 95 % intervals. --compare always has them: from 2,000 resamples, unless --bootstrap says
otherwise.

--save keeps a fitted calibrator as calibrator.json, which --apply takes in place of --fit and --fit-on, also
that of evaluate. --write-calibrated writes a row for each of FILE's, with "probs" in place of what it had.

--json prints one object: n (the number of examples), classes and each figure, as a number or, with
--bootstrap, as {value, low, high}. What is undefined or infinite is null. Several files give an object with
one such object for each. With --compare the object has the figures of both files and each
difference. With --fit it has the calibrator, {name, summary, note}, where the note says what the examples
of --fit-on left undetermined, the temperature if that is what was fitted, and a warning where examples that
are measured are also in the file of --fit-on.

Examples:
  deno task metrics predictions.jsonl
  deno task metrics test.csv --bootstrap 2000 --json
  deno task metrics test.jsonl --fit temperature --fit-on validation.jsonl
  deno task metrics dev.jsonl --fit temperature --fit-on dev.jsonl --save calibrator.json
  deno task metrics test.jsonl --apply calibrator.json --write-calibrated calibrated.jsonl
  deno task metrics - --columns label=y_true,probs=y_prob < predictions.csv
  deno task metrics --compare before.jsonl after.jsonl
  deno task metrics a.jsonl b.jsonl --plot reliability.svg --bins 15

Exit codes: 0 done, 2 wrong input.`;

/** Whether a figure is measured only with `--all`. */
function isExtra(name: string): boolean {
  const usual: readonly string[] = usualFigures;
  return name in figures && !usual.includes(name);
}

/** Describes some figures, one below the other. */
function figuresHelp(isShown: (name: string) => boolean): string {
  const shown = Object.entries(vocabulary).filter(([name]) => isShown(name));
  return shown.map(([name, definition]) => figureHelp(name, definition)).join("\n");
}

/** Describes a figure beside its name, broken into lines. */
function figureHelp(
  name: string,
  { meaning, better }: { readonly meaning: string; readonly better?: string },
): string {
  const arrow = better === undefined ? " " : better === "higher" ? "↑" : "↓";
  let line = `${`  ${name}`.padEnd(nameWidth)}${arrow}`;
  const lines = [];
  for (const word of meaning.split(" ")) {
    if (line.length + 1 + word.length > pageWidth) {
      lines.push(line);
      line = " ".repeat(nameWidth + 1);
    }
    line += ` ${word}`;
  }
  return [...lines, line].join("\n");
}
