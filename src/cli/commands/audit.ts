/** `audit [SUBJECT]` shows where a result comes from. */

import type { Command } from "commander";
import { type Audit, type AuditedAction, auditOf } from "../../pipeline/explain/audit.ts";
import { publicKeysIn } from "../../pipeline/provenance/keys.ts";
import type { Signature } from "../../pipeline/provenance/signatures.ts";
import { namedParts } from "../../pipeline/store/input_parts.ts";
import { exitCodes } from "../program/exit_codes.ts";
import { bold, count, dim, duration, green, red, short, yellow } from "../terminal/text.ts";
import { keyFolder } from "./key_folder.ts";
import { projectStore } from "./project_store.ts";

const examples = `
Examples:
  deno task pipeline audit report
  deno task pipeline audit finetune@scalar --json
  deno task pipeline audit artifacts/report/report.md`;

export function addAuditCommand(program: Command): void {
  program.command("audit")
    .description(
      "show where a result comes from, back to the raw data: code, parameters, inputs, environment, time",
    )
    .argument("[subject]", "a stage, an instance, or a file below artifacts/; by default all results")
    .option("--json", "print JSON", false)
    .addHelpText("after", examples)
    .action(audit);
}

function audit(
  subject: string | undefined,
  { json }: { readonly json: boolean },
  command: Command,
): void {
  const store = projectStore(command);
  const found = auditOf(store, publicKeysIn(keyFolder()), subject);
  console.log(json ? JSON.stringify(found, null, 2) : describe(found));
  const isForged = found.actions.some(({ signature }) => signature.state === "wrong");
  if (isForged || found.file && found.file.digest !== found.file.recorded) Deno.exitCode = exitCodes.failed;
}

function describe({ actions, raw, file }: Audit): string {
  const sections = actions.map(describeAction);
  if (file) sections.unshift(describeFile(file));
  const sources = Object.entries(raw).map(([from, digest]) => `  ${from}  ${dim(short(digest))}`);
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
  const { instance, key, preImage, module, native, started, ended } = record;
  const seconds = (Date.parse(ended) - Date.parse(started)) / 1000;
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
    ...row("made", [`${started} in ${duration(seconds)}`]),
    ...row("by", [describeSignature(signature)]),
    ...row("key", [short(key)]),
    ...row("code", [`${module}, ${parts}  ${dim(short(preImage.code))}`]),
    ...row("parameters", [JSON.stringify(preImage.parameters)]),
    ...row("environment", facts),
    ...row("inputs", inputs),
    ...row("outputs", outputs),
  ].join("\n");
}

/** Says who made a result, as far as its signature shows. */
function describeSignature(signature: Signature): string {
  switch (signature.state) {
    case "unsigned":
      return dim("unsigned");
    case "valid":
      return `${green("✓")} signed by key ${short(signature.keyId)}`;
    case "unknown":
      return `${yellow("?")} claims to be signed by key ${short(signature.keyId)}, which you don't trust`;
    case "wrong":
      return `${red("✗")} ${signature.reason}`;
  }
}

function row(title: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => `  ${(index === 0 ? title : "").padEnd(12)}${line}`);
}
