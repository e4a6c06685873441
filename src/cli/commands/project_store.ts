import { join } from "node:path";
import { openStore, type Store } from "../../pipeline/store/store.ts";

/** Opens the store of the project in the current folder. */
export function projectStore(): Store {
  return openStore(join(Deno.cwd(), "artifacts", ".store"));
}
