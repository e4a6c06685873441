/** `verify`: whether all that is shown still is what was made. */

import { join, relative } from "node:path";
import type { Command } from "commander";
import { publicKeysIn } from "../pipeline/provenance/keys.ts";
import { type Signature, verifySignatures } from "../pipeline/provenance/signatures.ts";
import type { ActionRecord } from "../pipeline/record.ts";
import { openStore } from "../pipeline/store.ts";
import { type Finding, verifyStore } from "../pipeline/verify.ts";
import { exitCodes } from "./exit.ts";
import { keyFolder } from "./key.ts";
import { bytes, count, green, red } from "./text.ts";

const examples = `
It hashes the files of the newest results and of those that they came from, and checks the signatures of all results.

Examples:
  deno task pipeline verify
  deno task pipeline verify --json

Exit codes: 0 all is as it was made, 1 something isn't, 2 wrong input.`;

export function addVerifyCommand(program: Command): void {
  program.command("verify")
    .description("hash all results again and check their signatures")
    .option("--json", "print JSON", false)
    .addHelpText("after", examples)
    .action(verify);
}

/** It reads only the store: results can be checked where the pipeline file is broken, too. */
function verify({ json }: { readonly json: boolean }): void {
  const store = openStore(join(Deno.cwd(), "artifacts", ".store"));
  const { findings, ...read } = verifyStore(store);
  const signatures = [...verifySignatures(store, publicKeysIn(keyFolder()))];
  const wrong = signatures.flatMap((entry) => wrongSignature(...entry));
  const countOf = (wanted: Signature["state"]) =>
    signatures.filter(([, { state }]) => state === wanted).length;
  const signed = { valid: countOf("valid"), unknown: countOf("unknown"), unsigned: countOf("unsigned") };
  if (findings.length + wrong.length > 0) Deno.exitCode = exitCodes.failed;
  if (json) {
    const shown = findings.map((finding) => ({ ...finding, path: relative(Deno.cwd(), finding.path) }));
    return console.log(
      JSON.stringify({ ...read, findings: shown, signatures: { ...signed, wrong } }, null, 2),
    );
  }
  findings.map(describe).forEach((text) => console.log(text));
  wrong.forEach(({ instance, key, reason }) => console.log(`${red(`✗ ${instance}`)}  ${reason}: ${key}`));
  console.log(conclusion(read, signed, findings.length, wrong.length));
}

function wrongSignature({ instance, key }: ActionRecord, signature: Signature) {
  return signature.state === "wrong" ? [{ instance, key, reason: signature.reason }] : [];
}

function describe({ instance, name, path, expected, found }: Finding): string {
  return `${red(`✗ ${instance}`)}  ${name}\n` +
    [`file      ${relative(Deno.cwd(), path)}`, `expected  ${expected}`, `found     ${found}`]
      .map((line) => `    ${line}`).join("\n");
}

interface Signed {
  readonly valid: number;
  readonly unknown: number;
  readonly unsigned: number;
}

function conclusion(
  read: { readonly results: number; readonly files: number; readonly bytes: number },
  signed: Signed,
  damaged: number,
  wrong: number,
): string {
  const total = `${count(read.results, "result")}, ${count(read.files, "file")}, ${bytes(read.bytes)}`;
  const { valid, unknown, unsigned } = signed;
  const signatures = `signatures: ${valid} valid, ${unknown} by unknown keys, ${unsigned} missing`;
  if (damaged + wrong === 0) return `${green(`✓ all as it was made: ${total}`)}; ${signatures}`;
  return [
    red(`✗ ${damaged} damaged and ${count(wrong, "wrong signature")} in ${total}`),
    ...(damaged > 0 ? ["  To make what is damaged again: deno task pipeline"] : []),
    ...(wrong > 0
      ? ["  Don't trust these results; to make and sign one again: deno task pipeline run NAME --force"]
      : []),
  ].join("\n");
}
