/** An audit follows a result back to raw data, as the records tell it. */

import type { KeyObject } from "node:crypto";
import { relative, resolve } from "node:path";
import { InputError } from "../../errors.ts";
import { suggestion } from "../../nearest.ts";
import { type Signature, signatureOf } from "../provenance/signatures.ts";
import { type Digest, digestOfFile } from "../store/digest.ts";
import { namedParts } from "../store/input_parts.ts";
import { type InstanceName, stageOf } from "../store/instance_name.ts";
import { lineageOf } from "../store/lineage.ts";
import type { ActionRecord } from "../store/record.ts";
import { instancesWithResults, latestRecord } from "../store/results.ts";
import { realPathOf, type Store } from "../store/store.ts";
import { fileIn } from "../store/tree.ts";
import { viewPath } from "../store/views.ts";
import { dependenceOf } from "./changes.ts";

export interface Audit {
  /** Each action once, those asked about first, and each before what it was made from. */
  readonly actions: readonly AuditedAction[];
  /** Path of a file of the user that the results come from → its digest. */
  readonly raw: Readonly<Record<string, Digest>>;
  /** The file asked about, if it was one. */
  readonly file?: AuditedFile;
}

export interface AuditedFile {
  readonly path: string;
  readonly digest: Digest;
  /** The digest of what its action made. */
  readonly recorded: Digest;
}

export interface AuditedAction {
  readonly record: ActionRecord;
  /**
   * The numbers of local modules and of packages in the stage's code; undefined where the code manifest is
   * lost.
   */
  readonly code: { readonly modules: number; readonly packages: number } | undefined;
  readonly signature: Signature;
}

/**
 * Audits a stage, an instance or a file: finds its actions and all that they came from.
 *
 * @param publicKeys the keys whose signatures count
 * @param subject a stage, an instance, or a path below `artifacts/`; undefined for all instances
 * @throws {InputError} where nothing is known of the subject
 */
export function auditOf(
  store: Store,
  publicKeys: readonly KeyObject[],
  subject: string | undefined,
): Audit {
  const instances = instancesWithResults(store);
  if (subject === undefined) return auditOfInstances(store, publicKeys, instances);
  const file = fileOf(store, subject, instances);
  const chosen = file ? [file.instance] : instances.filter((name) => [name, stageOf(name)].includes(subject));
  if (chosen.length === 0) {
    throw new InputError({
      found: `no result of "${subject}"`,
      expected: "a stage or an instance that has run, or a path below artifacts/",
      fix: suggestion(subject, instances),
    });
  }
  const audit = auditOfInstances(store, publicKeys, chosen);
  const [newest] = audit.actions;
  const checked = file?.inside && newest ? checkFile(subject, file.inside, newest.record) : undefined;
  return checked ? { ...audit, file: checked } : audit;
}

function auditOfInstances(
  store: Store,
  publicKeys: readonly KeyObject[],
  instances: readonly InstanceName[],
): Audit {
  const records = lineageOf(store, instances.flatMap((name) => latestRecord(store, name) ?? []));
  const raw = records.flatMap(({ inputs }) => namedParts(inputs))
    .flatMap(({ part: { from, digest, action } }) => action === undefined ? [[from, digest] as const] : []);
  return {
    actions: records.map((record) => ({
      record,
      code: codeOf(store, record),
      signature: signatureOf(store, record, publicKeys),
    })),
    raw: Object.fromEntries(raw.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** Returns the instance whose view a path is in, and the path within that view. */
function fileOf(store: Store, subject: string, instances: readonly InstanceName[]) {
  for (const instance of instances) {
    const inside = relative(viewPath(store, instance), realPathOf(resolve(subject)));
    if (inside === "" || !inside.startsWith("..")) return { instance, inside };
  }
  return undefined;
}

function checkFile(path: string, inside: string, record: ActionRecord): AuditedFile | undefined {
  const recorded = fileIn(record.files, inside)?.digest;
  if (recorded) return { path, digest: digestOfFile(path), recorded };
  if (Object.keys(record.files).some((name) => name.startsWith(`${inside}/`))) return undefined;
  throw new InputError({
    at: { file: path },
    found: `a file that ${record.instance} didn't make`,
    expected: "one of its files",
    fix: suggestion(inside, Object.keys(record.files)),
  });
}

function codeOf(store: Store, record: ActionRecord): AuditedAction["code"] {
  const { manifest } = dependenceOf(store, record);
  return manifest && {
    modules: Object.keys(manifest.modules).length,
    packages: Object.keys(manifest.packages).length,
  };
}
