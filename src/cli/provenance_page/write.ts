import { join } from "node:path";
import { auditOf } from "../../pipeline/explain/audit.ts";
import { unwritable, writeAtomically } from "../../pipeline/store/atomic.ts";
import type { Store } from "../../pipeline/store/store.ts";
import { provenancePageOf } from "./page.ts";

/**
 * Writes the page on how all of a pipeline's newest results were made, beside their views, where the links of a
 * report lead to.
 *
 * @throws {InputError} where it can't be written
 */
export async function writeProvenancePage(store: Store): Promise<void> {
  const path = join(store.pipeline.views, "provenance.html");
  const page = await provenancePageOf(store, auditOf(store, [], undefined));
  try {
    writeAtomically(path, page);
  } catch (error) {
    throw unwritable(path, error);
  }
}
