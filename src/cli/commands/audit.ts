/** `audit [SUBJECT]` shows where a result comes from. */

import { type Command, Option } from "commander";
import { type Audit, type AuditedAction, auditOf } from "../../pipeline/explain/audit.ts";
import { publicKeysIn } from "../../pipeline/provenance/keys.ts";
import { namedParts } from "../../pipeline/store/input_parts.ts";
import { secondsOf } from "../../pipeline/store/record.ts";
import { exitCodes } from "../program/exit_codes.ts";
import { provenancePageOf } from "../provenance_page/page.ts";
import { oneLine } from "../terminal/one_line.ts";
import { bold, count, dim, duration, green, red, short } from "../terminal/text.ts";
import { wrapped } from "../terminal/width.ts";
import { keyFolder } from "./key_folder.ts";
import { auditTree } from "./audit_tree.ts";
import { projectStore } from "./project_store.ts";
import { signatureText } from "./signature_text.ts";

const examples = `
Examples:
  deno task pipeline audit report
  deno task pipeline audit finetune@scalar --full
  deno task pipeline audit artifacts/report/report.md
  deno task pipeline audit report --html > provenance.html`;

export function addAuditCommand(program: Command): void {
  program.command("audit")
    .description(
      "show where a result comes from, back to the raw data: code, parameters, inputs, environment, time",
    )
    .argument("[subject]", "a stage, an instance, or a file below artifacts/; by default all results")
    .option("--full", "show code, parameters, inputs and outputs of each result too", false)
    .addOption(new Option("--html", "print a page for a browser").default(false).conflicts(["full", "json"]))
    .option("--json", "print JSON", false)
    .addHelpText("after", examples)
    .action(audit);
}

interface Options {
  readonly full: boolean;
  readonly html: boolean;
  readonly json: boolean;
}

async function audit(
  subject: string | undefined,
  { full, html, json }: Options,
  command: Command,
): Promise<void> {
  const store = projectStore(command);
  const found = auditOf(store, publicKeysIn(keyFolder()), subject);
  if (html) console.log(await provenancePageOf(store, found));
  else console.log(json ? JSON.stringify(found, null, 2) : full ? describeFully(found) : describe(found));
  const isForged = found.actions.some(({ signature }) => signature.state === "wrong");
  if (isForged || found.file && found.file.digest !== found.file.recorded) Deno.exitCode = exitCodes.failed;
}

function describe(audit: Audit): string {
  const { file, actions } = audit;
  if (actions.length === 0) return "No stage has run yet.";
  const more = wrapped(dim("--full shows code, parameters, inputs and outputs of each, --json all"), 0);
  return [...(file ? [describeFile(file), ""] : []), auditTree(audit), "", more].join("\n");
}

function describeFully({ actions, raw, file }: Audit): string {
  const sections = actions.map(describeAction);
  if (file) sections.unshift(describeFile(file));
  const sources = Object.entries(raw).map(([from, digest]) => `  ${oneLine(from)}  ${dim(short(digest))}`);
  return [...sections, [bold("raw data"), ...sources].join("\n")].join("\n\n");
}

function describeFile({ path, digest, recorded }: NonNullable<Audit["file"]>): string {
  return digest === recorded
    ? `${green("✓")} ${path} is what its stage made (sha256 ${short(digest)})`
    : `${red("✗")} ${path} was changed: its sha256 is ${short(digest)}, but its stage made ${
      short(recorded)
    }`;
}

function describeAction({ record, code, signature }: AuditedAction): string {
  const { instance, key, preImage, module, native, started } = record;
  const parts = code
    ? `${count(code.modules, "module")}, ${count(code.packages, "package")}`
    : "its list of modules is lost";
  const facts = Object.entries(preImage.environment).map(([name, value]) => `${name}: ${value}`);
  facts.push(`threads: ${preImage.threads}`);
  if (native) facts.push("native code, outside the sandbox");
  const inputs = namedParts(record.inputs).map(({ name, part: { from, digest } }) =>
    `${name} ← ${from}  ${dim(short(digest))}`
  );
  const outputs = Object.entries(record.files).map(([name, { size, digest }]) =>
    `${name}  ${size} bytes  ${dim(short(digest))}`
  );
  return [
    bold(instance),
    ...row("made", [`${started} in ${duration(secondsOf(record))}`]),
    ...row("by", [signatureText(signature)]),
    ...row("key", [short(key)]),
    ...row("code", [`${module}, ${parts}  ${dim(short(preImage.code))}`]),
    ...row("parameters", [JSON.stringify(preImage.parameters)]),
    ...row("environment", facts),
    ...row("inputs", inputs),
    ...row("outputs", outputs),
  ].join("\n");
}

function row(title: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) =>
    wrapped(`  ${(index === 0 ? title : "").padEnd(13)}${oneLine(line)}`, 15)
  );
}
