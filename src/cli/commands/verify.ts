/** `verify` checks that results still are what was made, signed and locked. */

import { relative } from "node:path";
import type { Command } from "commander";
import { type Finding, verifyStore } from "../../pipeline/check/verify.ts";
import { publicKeysIn } from "../../pipeline/provenance/keys.ts";
import { type Signature, verifySignatures } from "../../pipeline/provenance/signatures.ts";
import {
  differencesFromLocked,
  type LockedDifference,
  lockedResultsFolder,
  readLockedResults,
} from "../../pipeline/share/locked_results.ts";
import type { ActionRecord } from "../../pipeline/store/record.ts";
import type { Store } from "../../pipeline/store/store.ts";
import { exitCodes } from "../program/exit_codes.ts";
import { bytes, count, green, red } from "../terminal/text.ts";
import { printLines } from "../terminal/width.ts";
import { keyFolder } from "./key_folder.ts";
import type { PipelineOptions } from "./options.ts";
import { projectStore } from "./project_store.ts";

const examples = `
It hashes the files of the newest results and of all that these came from, and checks the signatures of all results. If
the pipeline has a lock (see deno task pipeline lock), it also shows which results differ from the locked ones.

Examples:
  deno task pipeline verify
  deno task pipeline verify --json
  deno task pipeline verify --file pipelines/smoke.yaml    compares with pipelines/smoke.lock as well

Exit codes: 0 everything is as it was made and locked, 1 something isn't, 2 wrong input.`;

export function addVerifyCommand(program: Command): void {
  program.command("verify")
    .description("hash all results again, check their signatures, and compare them with the pipeline's lock")
    .option("--json", "print JSON", false)
    .addHelpText("after", examples)
    .action(verify);
}

interface Options extends PipelineOptions {
  readonly json: boolean;
}

/**
 * Checks the results. It reads only the store and the lock, so that it works even if the pipeline file is
 * broken.
 */
async function verify(_options: unknown, command: Command): Promise<void> {
  const { file, json }: Options = command.optsWithGlobals();
  const store = projectStore(command);
  const { findings, ...read } = await verifyStore(store);
  const signatures = [...verifySignatures(store, publicKeysIn(keyFolder()))];
  const wrong = signatures.flatMap((entry) => wrongSignature(...entry));
  const countOf = (wanted: Signature["state"]) =>
    signatures.filter(([, { state }]) => state === wanted).length;
  const signed = { valid: countOf("valid"), unknown: countOf("unknown"), unsigned: countOf("unsigned") };
  const lock = comparedWithLock(store, lockedResultsFolder(file));
  const differences = lock?.differences ?? [];
  if (findings.length + wrong.length + differences.length > 0) Deno.exitCode = exitCodes.failed;
  if (json) {
    const shown = findings.map((finding) => ({ ...finding, path: relative(Deno.cwd(), finding.path) }));
    return console.log(
      JSON.stringify({ ...read, findings: shown, signatures: { ...signed, wrong }, lock }, null, 2),
    );
  }
  findings.map(describe).forEach((text) => printLines(text));
  wrong.forEach(({ instance, key, reason }) => printLines(`${red(`✗ ${instance}`)}  ${reason}: ${key}`));
  differences.map(describeDifference).forEach((text) => printLines(text));
  printLines(conclusion(read, signed, findings.length, wrong.length));
  if (lock) printLines(lockConclusion(lock));
}

interface ComparedLock {
  readonly folder: string;
  /** How many results are locked. */
  readonly results: number;
  readonly differences: readonly LockedDifference[];
}

/** Compares the results with the locked ones. Returns undefined if the pipeline has no lock. */
function comparedWithLock(store: Store, folder: string): ComparedLock | undefined {
  const locked = readLockedResults(folder);
  if (locked.length === 0) return undefined;
  return { folder, results: locked.length, differences: differencesFromLocked(store, locked) };
}

function wrongSignature({ instance, key }: ActionRecord, signature: Signature) {
  return signature.state === "wrong" ? [{ instance, key, reason: signature.reason }] : [];
}

function describe({ instance, name, path, expected, found }: Finding): string {
  return section(instance, name, [
    `file      ${relative(Deno.cwd(), path)}`,
    `expected  ${expected}`,
    `found     ${found}`,
  ]);
}

function describeDifference({ instance, what, locked, found }: LockedDifference): string {
  return section(instance, `${what} not as locked`, [`locked    ${locked}`, `found     ${found}`]);
}

function section(instance: string, title: string, lines: readonly string[]): string {
  return [`${red(`✗ ${instance}`)}  ${title}`, ...lines.map((line) => `    ${line}`)].join("\n");
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
  if (damaged + wrong === 0) return `${green(`✓ everything is as it was made: ${total}`)}; ${signatures}`;
  return [
    red(`✗ ${damaged} damaged and ${count(wrong, "wrong signature")} in ${total}`),
    ...(damaged > 0 ? ["  To make what is damaged again: deno task pipeline"] : []),
    ...(wrong > 0
      ? ["  Don't trust these results. To make and sign one again: deno task pipeline run NAME --force"]
      : []),
  ].join("\n");
}

function lockConclusion({ folder, results, differences }: ComparedLock): string {
  if (differences.length === 0) {
    return green(`✓ everything is as locked in ${folder}: ${count(results, "result")}`);
  }
  const instances = new Set(differences.map(({ instance }) => instance));
  return [
    red(`✗ ${count(instances.size, "result")} not as locked in ${folder}`),
    "  To fetch the locked results: deno task pipeline pull FROM",
    "  To lock the results that are here: deno task pipeline, then deno task pipeline lock",
  ].join("\n");
}
