/** `deno task calibrate` fits a model's temperature anew, on labelled texts of one's own, without training. */

import { score } from "../calibration/metrics/scores.ts";
import { type Predictions, unlabelled, withLabels } from "../calibration/predictions/classified.ts";
import { InputError } from "../errors.ts";
import { fitModelCalibrator, writeCalibrator } from "../inference/calibrator_file.ts";
import { type Classifier, loadClassifier } from "../inference/classifier.ts";
import { predictSorted } from "../inference/sorted_prediction.ts";
import { formatCount, formatScore } from "../report/format.ts";
import { type Input, type InputRecord, inputRecords } from "./predict/input.ts";
import { labelOf } from "./predict/label.ts";
import { calibratorFolder, namedModel, ownCalibrator } from "./predict/model.ts";
import { withNativeAccess } from "./predict/native_access.ts";
import { addSharedOptions, inputOf, type SharedOptions } from "./predict/options.ts";
import { openProgress } from "./predict/progress.ts";
import { windowsOf } from "./predict/windows.ts";
import { exitWhenInterrupted } from "./program/interruption.ts";
import { newProgram, runProgram } from "./program/program.ts";
import { tell } from "./program/tell.ts";
import { oneLine } from "./terminal/one_line.ts";

interface Options extends SharedOptions {
  readonly labelColumn: string;
}

const explanation = `
LABELLED holds texts as \`deno task predict\` reads them, each with its true class. They should be texts like
those to come, on which the model wasn't trained. What is fitted is one number, the temperature, for which a
few hundred texts are enough. predict, serve and exports use it from then on, in place of that which evaluate
has fitted. The texts take dev1's place for energyQuantile, unfamiliar, --abstain-at and --sets too.

Examples:
  deno task calibrate finetune@hidden fresh.jsonl
  deno task calibrate ~/models/my-bert fresh.csv --text-column review --label-column sentiment

Exit codes: 0 done, 2 wrong input.`;

const program = addSharedOptions(newProgram("deno task calibrate"))
  .description("Fits a model's temperature anew, on labelled texts of your own, without training.")
  .argument("<model>", "an instance of the pipeline, such as finetune@hidden, or a model's folder")
  .argument("<labelled>", "labelled texts; - is standard input")
  .option("--label-column <name>", "the column, or field, of the true class", "label")
  .addHelpText("after", explanation)
  .action((name: string, path: string, options: Options) =>
    withNativeAccess([calibratorFolder], async (scratch) => {
      exitWhenInterrupted(() => tell("\ninterrupted: the model's calibrator is as it was"));
      const model = namedModel(name, options.file);
      const { precision, threads } = options;
      const classifier = await loadClassifier(model.folder, { ...model, precision, threads, scratch });
      await calibrate(classifier, inputOf(path, options), options.labelColumn);
      classifier.close();
    })
  );

async function calibrate(classifier: Classifier, input: Input, labelColumn: string): Promise<void> {
  const { digest, precision, description: { variant, classes }, calibrator: before } = classifier;
  const predictions = await predictLabelled(classifier, input, labelColumn);
  const name = input.path === "-" ? "standard input" : input.path;
  const file = fitModelCalibrator({ digest, variant, precision }, classes, name, predictions);
  Deno.mkdirSync(calibratorFolder, { recursive: true });
  const own = ownCalibrator(digest);
  await writeCalibrator(`${own}.new`, file);
  Deno.renameSync(`${own}.new`, own); // what predicts meanwhile finds the old one or the new one, whole

  const { calibrator: { summary, note, apply }, fittedOn } = file;
  const earlier = before ? `; before, ${before.calibrator.summary} of ${before.fittedOn.name}` : "";
  console.log(oneLine(`${summary}, fitted on ${formatCount(fittedOn.examples)} texts of ${name}${earlier}`));
  if (note !== undefined) console.log(`Note: ${note}.`);
  const [uncalibrated, calibrated] = [predictions, apply(predictions)].map((one) => score(one, 1));
  const figures = (["nll", "ece"] as const).map((figure) =>
    `${figure.toUpperCase()} ${formatScore(uncalibrated[figure])} → ${formatScore(calibrated[figure])}`
  );
  console.log(`On these texts, on which it was fitted: ${figures.join(", ")}`);
  console.log(`predict uses it from now on, until you remove ${own}`);
}

/** Predicts all labelled texts of an input. */
async function predictLabelled(
  classifier: Classifier,
  input: Input,
  labelColumn: string,
): Promise<Predictions> {
  const { classes } = classifier.description;
  const labels: number[] = [];
  const labelled = async function* (): AsyncGenerator<InputRecord> {
    for await (const record of inputRecords(input)) {
      labels.push(labelOf(record, labelColumn, classes));
      yield record;
    }
  };
  const [ids, logits, energies]: [string[], number[], number[]] = [[], [], []];
  const progress = openProgress();
  for await (const { rows } of windowsOf(labelled(), input.fields, classifier)) {
    const prediction = await predictSorted(classifier, rows.map(({ sequence }) => sequence), progress.add);
    ids.push(...rows.map(({ id }) => String(id)));
    for (const logit of prediction.logits) logits.push(logit); // as arguments they would be too many
    for (const energy of prediction.energies) energies.push(energy);
  }
  progress.clear();
  if (ids.length === 0) throw new InputError({ found: "no labelled text", expected: "at least one" });
  const predictions = unlabelled(ids.map((id) => ({ id })), { logits, energies }, classes.length);
  return withLabels(predictions, labels.map((label) => ({ label })));
}

await runProgram(program);
