/** Looks at the store of results. */

import { join } from "node:path";
import { blobPath } from "../../pipeline/store/blobs.ts";
import { requireFormat } from "../../pipeline/store/format.ts";
import { sizeOf } from "../../pipeline/store/lineage.ts";
import { readRecord, recordedKeys } from "../../pipeline/store/results.ts";
import { openStore } from "../../pipeline/store/store.ts";
import { bytes, count } from "../terminal/text.ts";
import { type Check, check } from "./check.ts";

/** Checks the store's format, its records, and that the files which they name are there with the right sizes. */
export async function storeCheck(root: string): Promise<Check> {
  try {
    return await check("store", () => lookAtStore(root));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    const found = "artifacts/ leads out of the project, where this command may not look";
    return { name: "store", state: "note", found, fix: "`deno task pipeline verify` looks at it." };
  }
}

function lookAtStore(root: string): Omit<Check, "name"> {
  const folder = join(root, "artifacts", ".store");
  requireFormat(folder);
  const store = openStore(folder);
  const keys = recordedKeys(store);
  if (keys.length === 0) return { state: "ok", found: "no results yet" };
  const sizes = new Map<string, number>();
  const damaged = keys.filter((key) => {
    const record = readRecord(store, key);
    if (!record) return true;
    return Object.values(record.files).some(({ digest, size }) => {
      sizes.set(digest, size);
      return sizeOf(blobPath(store, digest)) !== size;
    });
  });
  const found = `${count(keys.length, "result")}, ${
    bytes(sizes.values().reduce((sum, size) => sum + size, 0))
  }`;
  if (damaged.length === 0) return { state: "ok", found };
  return {
    state: "note",
    found: `${found}; ${count(damaged.length, "result")} damaged, such as ${damaged[0].slice(0, 12)}`,
    fix: "A run makes what it needs of them again. `deno task pipeline verify` hashes all, and names them.",
  };
}
