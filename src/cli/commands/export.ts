/**
 * `export [SUBJECT]` writes what other tools read: where results come from, in standard formats, or a
 * classifier.
 */

import { type Command, Option } from "commander";
import { InputError } from "../../errors.ts";
import { auditOf } from "../../pipeline/explain/audit.ts";
import { publicKeysIn } from "../../pipeline/provenance/keys.ts";
import { requireHonest } from "../../pipeline/provenance/signatures.ts";
import { requireWhole, writeProvenance } from "../export/provenance.ts";
import { keyFolder } from "./key_folder.ts";
import { projectStore } from "./project_store.ts";

const formats = ["slsa", "ro-crate", "openlineage", "transformers"] as const;

interface Options {
  readonly format: typeof formats[number];
  readonly out?: string;
  readonly calibrated: boolean;
  readonly json: boolean;
}

const examples = `
Formats:
  slsa          JSON lines: an in-toto statement with SLSA provenance for each result, in its DSSE envelope if signed
  openlineage   JSON lines: two events for each result, the start and the end of making it
  ro-crate      a new folder: the results, and a ro-crate-metadata.json that says how each was made
  transformers  a new folder: a classifier that \`AutoModelForSequenceClassification\` loads, with its model card

Examples:
  deno task pipeline export --format slsa
  deno task pipeline export report --format openlineage --out lineage.jsonl
  deno task pipeline export --format ro-crate --out crate
  deno task pipeline export finetune@hidden --format transformers --calibrated --out my-classifier`;

export function addExportCommand(program: Command): void {
  program.command("export")
    .description("write where results come from, back to the raw data, or a classifier for transformers")
    .argument("[subject]", "a stage, an instance, or a file below artifacts/; by default all results")
    .addOption(
      new Option("--format <format>", "the format").choices(formats).makeOptionMandatory(),
    )
    .option(
      "--out <path>",
      "a file to write instead of printing; for ro-crate and transformers, a new folder",
    )
    .option("--calibrated", "for transformers: make the temperature part of the model's last layer", false)
    .option("--json", "print what was written, and where, as JSON", false)
    .addHelpText("after", examples)
    .action(exportSubject);
}

async function exportSubject(
  subject: string | undefined,
  options: Options,
  command: Command,
): Promise<void> {
  const { format, calibrated } = options;
  if (calibrated && format !== "transformers") {
    throw new InputError({
      found: `--calibrated with --format ${format}`,
      expected: "--format transformers",
    });
  }
  const store = projectStore(command);
  const { actions } = auditOf(store, publicKeysIn(keyFolder()), subject);
  actions.forEach(({ record, signature }) => requireHonest(record, signature));
  const records = actions.map(({ record }) => record);
  const [newest] = records;
  if (newest === undefined) {
    throw new InputError({
      found: "no results",
      expected: "one or more to export",
      fix: "Run `deno task pipeline` first.",
    });
  }
  if (format !== "transformers") return await writeProvenance(store, records, { ...options, format });
  requireWhole(store, [newest]);
  // What reads models is loaded here alone, since no other command needs it.
  const { exportClassifier } = await import("../export/transformers.ts");
  await exportClassifier(store, subject, newest, options);
}
