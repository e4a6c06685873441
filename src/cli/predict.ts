/** `deno task predict` gives new texts calibrated probabilities. */

import { Option } from "commander";
import { InputError } from "../errors.ts";
import { checkAnswerOptions } from "../inference/answer.ts";
import { explanation } from "./predict/help.ts";
import { namedModel } from "./predict/model.ts";
import { withNativeAccess } from "./predict/native_access.ts";
import {
  addAnswerOptions,
  addSharedOptions,
  type AnswerOptions,
  inputOf,
  type SharedOptions,
} from "./predict/options.ts";
import { type OutputForm, outputFormOf, outputForms, requireOtherFile } from "./predict/output.ts";
import { predictTexts } from "./predict/run.ts";
import { newProgram, runProgram } from "./program/program.ts";

interface Options extends SharedOptions, AnswerOptions {
  readonly model: string;
  readonly input: string;
  readonly output: string;
  readonly outputFormat?: OutputForm;
  readonly resume: boolean;
}

const program = newProgram("deno task predict")
  .description("Predicts the classes of texts, with calibrated probabilities.")
  .requiredOption(
    "--model <model>",
    "an instance of the pipeline, such as finetune@hidden, or a model's folder",
  )
  .option("--input <file>", "the texts; - is standard input", "-")
  .option("--output <file>", "where the answers go; - is standard output", "-");

addAnswerOptions(addSharedOptions(program))
  .addOption(
    new Option("--output-format <form>", "the answers' form, unless the file's ending tells").choices(
      outputForms,
    ),
  )
  .option("--resume", "go on after what an interrupted run has written to the output", false)
  .addHelpText("after", explanation)
  .action((options: Options) => {
    const { input, output, outputFormat, precision } = options;
    if (options.resume && output === "-") {
      throw new InputError({ found: "--resume with standard output", expected: "--output FILE" });
    }
    requireOtherFile(input, output);
    checkAnswerOptions(options);
    return withNativeAccess(output === "-" ? [] : [output], (scratch) =>
      predictTexts({
        ...options,
        model: namedModel(options.model, options.file),
        input: inputOf(input, options),
        outputForm: outputFormat ?? outputFormOf(output),
        precision,
        scratch,
      }));
  });

await runProgram(program);
