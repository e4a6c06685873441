/** Writes where results come from in formats that other tools read. */

import { dirname, join, resolve } from "node:path";
import { InputError } from "../../errors.ts";
import { runEventsOf } from "../../pipeline/provenance/openlineage.ts";
import { crateOf } from "../../pipeline/provenance/ro_crate.ts";
import { statementOf } from "../../pipeline/provenance/statement.ts";
import { canonicalJson } from "../../pipeline/store/canonical_json.ts";
import type { ActionRecord } from "../../pipeline/store/record.ts";
import { copyBlob } from "../../pipeline/store/blobs.ts";
import { findResult, readSignature } from "../../pipeline/store/results.ts";
import type { Store } from "../../pipeline/store/store.ts";
import { writing } from "../program/system_error.ts";
import { withWriteAccess } from "../program/write_access.ts";
import { count } from "../terminal/text.ts";
import { writeNewFolder } from "./new_folder.ts";

export interface ProvenanceOptions {
  readonly format: "slsa" | "ro-crate" | "openlineage";
  /** Where it is written to; undefined prints it, where the format is lines. */
  readonly out?: string;
  readonly json: boolean;
}

/**
 * Writes where these results come from.
 *
 * @throws {InputError} where a crate has no place of its own to go to, or lacks files
 */
export async function writeProvenance(
  store: Store,
  records: readonly ActionRecord[],
  { format, out, json }: ProvenanceOptions,
): Promise<void> {
  if (out === undefined) {
    if (format !== "ro-crate") return linesOf(format, store, records).forEach((line) => console.log(line));
    throw new InputError({
      found: "no --out",
      expected: "a folder for the crate: --format ro-crate --out FOLDER",
    });
  }
  const path = resolve(out);
  const said = json
    ? JSON.stringify({ format, out, actions: records.length }, null, 2)
    : `wrote the provenance of ${count(records.length, "result")} to ${out}`;
  if (format === "ro-crate") {
    requireWhole(store, records);
    return await writeNewFolder(path, async (folder) => {
      await writeCrate(store, records, folder);
      return said;
    }, []);
  }
  await withWriteAccess([path], () => {
    const text = linesOf(format, store, records).map((line) => `${line}\n`).join("");
    writing(path, () => Deno.writeTextFileSync(path, text));
    console.log(said);
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

async function writeCrate(store: Store, records: readonly ActionRecord[], folder: string): Promise<void> {
  const { files, metadata } = crateOf(store, records);
  for (const [path, digest] of files) {
    Deno.mkdirSync(dirname(join(folder, path)), { recursive: true });
    await copyBlob(store, digest, join(folder, path));
  }
  Deno.writeTextFileSync(join(folder, "ro-crate-metadata.json"), `${JSON.stringify(metadata, null, 2)}\n`);
}

/** @throws {InputError} where files of a result are lost or damaged */
export function requireWhole(store: Store, records: readonly ActionRecord[]): void {
  const lost = records.find(({ key }) => !findResult(store, key));
  if (!lost) return;
  throw new InputError({
    found: `files of ${lost.instance} that are lost or damaged`,
    expected: "whole results",
    fix: "`deno task pipeline` makes them again.",
  });
}
