/**
 * `export [SUBJECT]` writes what other tools read: where results come from, in standard formats, or a
 * classifier.
 */

import { dirname, join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { InputError } from "../../errors.ts";
import { auditOf } from "../../pipeline/explain/audit.ts";
import { publicKeysIn } from "../../pipeline/provenance/keys.ts";
import { runEventsOf } from "../../pipeline/provenance/openlineage.ts";
import { crateOf } from "../../pipeline/provenance/ro_crate.ts";
import { requireHonest } from "../../pipeline/provenance/signatures.ts";
import { statementOf } from "../../pipeline/provenance/statement.ts";
import { canonicalJson } from "../../pipeline/store/digest.ts";
import type { ActionRecord } from "../../pipeline/store/record.ts";
import { statIfThere } from "../../pipeline/store/atomic.ts";
import { copyBlob } from "../../pipeline/store/blobs.ts";
import { findResult, readSignature } from "../../pipeline/store/results.ts";
import type { Store } from "../../pipeline/store/store.ts";
import { writing } from "../program/system_error.ts";
import { withWriteAccess } from "../program/write_access.ts";
import { count } from "../terminal/text.ts";
import { printLines } from "../terminal/width.ts";
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
  slsa         JSON lines: an in-toto statement with SLSA provenance for each result, in its DSSE envelope if signed
  openlineage  JSON lines: two events for each result, the start and the end of making it
  ro-crate     a new folder: the results, and a ro-crate-metadata.json that says how each was made
  transformers a new folder: a classifier that \`AutoModelForSequenceClassification\` loads, with its model card

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

async function writeProvenance(
  store: Store,
  records: readonly ActionRecord[],
  { format, out, json }: Options & { readonly format: "slsa" | "ro-crate" | "openlineage" },
): Promise<void> {
  if (out === undefined) {
    if (format !== "ro-crate") return linesOf(format, store, records).forEach((line) => console.log(line));
    throw new InputError({
      found: "no --out",
      expected: "a folder for the crate: --format ro-crate --out FOLDER",
    });
  }
  const path = resolve(out);
  await withWriteAccess([path], () => {
    if (format === "ro-crate") writeCrate(store, records, path);
    else {
      const text = linesOf(format, store, records).map((line) => `${line}\n`).join("");
      writing(path, () => Deno.writeTextFileSync(path, text));
    }
    const written = { format, out, actions: records.length };
    if (json) console.log(JSON.stringify(written, null, 2));
    else printLines(`wrote the provenance of ${count(records.length, "result")} to ${out}`);
  });
}

function linesOf(
  format: "slsa" | "openlineage",
  store: Store,
  records: readonly ActionRecord[],
): readonly string[] {
  if (format === "openlineage") {
    return records.flatMap((record) => runEventsOf(store, record)).map((event) => JSON.stringify(event));
  }
  return records.map((record) =>
    readSignature(store, record.key)?.trim() ?? canonicalJson(statementOf(store, record))
  );
}

function writeCrate(store: Store, records: readonly ActionRecord[], folder: string): void {
  requireWhole(store, records);
  const { files, metadata } = crateOf(store, records);
  if (statIfThere(folder)) {
    throw new InputError({
      at: { file: folder },
      found: "an existing file or folder",
      expected: "a new folder, so that the crate holds nothing else",
    });
  }
  writing(folder, () => Deno.mkdirSync(folder));
  writing(folder, () => {
    for (const [path, digest] of files) {
      Deno.mkdirSync(dirname(join(folder, path)), { recursive: true });
      copyBlob(store, digest, join(folder, path));
    }
    Deno.writeTextFileSync(join(folder, "ro-crate-metadata.json"), `${JSON.stringify(metadata, null, 2)}\n`);
  });
}

function requireWhole(store: Store, records: readonly ActionRecord[]): void {
  const lost = records.find(({ key }) => !findResult(store, key));
  if (!lost) return;
  throw new InputError({
    found: `files of ${lost.instance} that are lost or damaged`,
    expected: "whole results",
    fix: "`deno task pipeline` makes them again.",
  });
}
