import { join } from "node:path";
import { auditOf } from "../../pipeline/explain/audit.ts";
import { readIfThere, unwritable, writeAtomically } from "../../pipeline/store/atomic.ts";
import { canonicalJson } from "../../pipeline/store/canonical_json.ts";
import { digestOf } from "../../pipeline/store/digest.ts";
import { instancesWithResults, latestRecord } from "../../pipeline/store/results.ts";
import type { Store } from "../../pipeline/store/store.ts";
import { provenancePageOf } from "./page.ts";

/**
 * Writes the page on how all of a pipeline's newest results were made, beside their views, where the links of a
 * report lead to. A page of the same results is left as it is.
 *
 * @throws {InputError} where it can't be written
 */
export async function writeProvenancePage(store: Store): Promise<void> {
  const path = join(store.pipeline.views, "provenance.html");
  const results = instancesWithResults(store).map((instance) => {
    const { key, ended } = latestRecord(store, instance) ?? {};
    return [instance, key ?? null, ended ?? null];
  });
  const mark = `<!-- of the results ${digestOf(canonicalJson(results))} -->\n`;
  if (readIfThere(path)?.endsWith(mark)) return;
  const page = await provenancePageOf(store, auditOf(store, [], undefined));
  try {
    writeAtomically(path, page + mark);
  } catch (error) {
    throw unwritable(path, error);
  }
}
