/** Lets `artifacts/`, or what is in it, be a link to another disk. */

import { join } from "node:path";
import { InputError } from "../../errors.ts";
import { realPathOf, storeRootOf } from "../../pipeline/store/store.ts";
import { runAgain } from "./write_access.ts";

/**
 * Calls `run` if the process may write to all that `artifacts/` consists of. Where parts of it are links to
 * elsewhere, the task's permission doesn't cover what they lead to. Then it runs the whole command line again
 * in a process that may write there too.
 *
 * @param store the path of a store elsewhere that `artifacts/` is to have
 * @throws {InputError} where a link leads to a place that Deno guards as a whole
 */
export async function withLinkedArtifacts(
  store: string | undefined,
  run: () => void,
): Promise<void> {
  const mayWrite = (path: string) => Deno.permissions.querySync({ name: "write", path }).state === "granted";
  if (!mayWrite("artifacts")) return run(); // it was started again, to write somewhere else
  // Even to ask where a guarded place leads takes all permissions.
  const besides = store === undefined ? [] : [isGuarded(store) ? store : realPathOf(store)];
  const elsewhere = [...linkedPlaces(), ...besides].filter((path) => !mayWrite(path));
  const [first] = elsewhere;
  if (first === undefined) return run();
  const guarded = elsewhere.find(isGuarded);
  if (guarded !== undefined) {
    throw new InputError({
      at: { file: guarded },
      found: "a place for artifacts that Deno lets only programs with all permissions use",
      expected: "one outside /dev, /proc and /sys",
      fix: "Take a folder elsewhere, such as one on a tmpfs that is mounted outside /dev.",
    });
  }
  await runAgain([join(Deno.cwd(), "artifacts"), ...elsewhere], pipelineFlags());
}

/** Says whether Deno lets only programs with all permissions use a place. */
function isGuarded(path: string): boolean {
  return /^\/(dev|proc|sys)\//.test(path);
}

/**
 * Returns what a process needs besides, that is to do all that `deno task pipeline` does.
 *
 * @param system what it may ask of the system
 */
export function pipelineFlags(system = "--allow-sys=systemMemoryInfo"): readonly string[] {
  return ["--allow-run", system, `--config=${join(Deno.cwd(), "deno.json")}`];
}

/** Lists the places that `artifacts/` consists of: the folder itself, and what links in it lead to. */
export function artifactPlaces(): readonly string[] {
  return [join(Deno.cwd(), "artifacts"), ...linkedPlaces()];
}

function linkedPlaces(): readonly string[] {
  const stores = linkTarget("artifacts/.store").map(storeRootOf);
  const [store = "artifacts/.store"] = stores;
  return [...linkTarget("artifacts"), ...stores, ...linkTarget(join(store, "blobs"))];
}

/** Returns where a link leads; nothing for what isn't a link, isn't there, or leads nowhere. */
function linkTarget(path: string): readonly string[] {
  try {
    return Deno.lstatSync(path).isSymlink ? [Deno.realPathSync(path)] : [];
  } catch {
    return [];
  }
}
