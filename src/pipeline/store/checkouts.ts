/**
 * A store may be shared by several checkouts. Each has a folder in the store's `checkouts/`, with what its
 * newest results are, its logs and its notes, and its `artifacts/.store` is a link to that folder. So whatever
 * uses the store finds there what all checkouts count on, also those that are on other machines.
 */

import { join, relative } from "node:path";
import { InputError } from "../../errors.ts";
import { ifThere, readIfThere, remove, statIfThere, unwritable, writeAtomically } from "./atomic.ts";
import { placeOf } from "./pipeline_place.ts";
import { checkoutsName, namesIn, realPathOf, type Store, storeRootOf } from "./store.ts";

/** A checkout, as the store that it shares knows it. */
export interface Checkout {
  /** The path of its `artifacts/`, as it was on the machine that last used it; undefined where it isn't known. */
  readonly artifacts: string | undefined;
  /** Its folder in the store. */
  readonly folder: string;
}

/** A checkout that isn't the one that the store is seen from. */
export interface OtherCheckout extends Checkout {
  /** The store as that checkout sees it. Its views may be out of reach. */
  readonly seen: Store;
  /** Whether the checkout is where it was. It may also be on another machine. */
  readonly isThere: boolean;
}

/**
 * Lets a checkout keep its results in the store at this place, which is made where there is none. A crash at
 * any moment leaves a checkout with a store or without one.
 *
 * @param place the store's folder, an absolute path
 * @param artifacts the path of the checkout's `artifacts/`
 * @throws {InputError} where no store can be at this place, and where the checkout has its results elsewhere
 */
export function joinStore(place: string, artifacts: string): void {
  const root = realPathOf(place);
  const link = join(artifacts, ".store");
  const info = ifThere(() => Deno.lstatSync(link));
  if (!info) {
    requirePlace(root, realPathOf(artifacts));
    try {
      addCheckout(root, artifacts, link);
    } catch (error) {
      throw unwritable(root, error);
    }
  } else if (!info.isSymlink) {
    throw elsewhere(
      link,
      root,
      "results of this checkout alone",
      "Move it and the views beside it to a new folder, such as before/; `deno task pipeline pull before` takes " +
        "its locked results from there. Or set CALIBRANT_STORE to nothing, to go on with it.",
    );
  } else requireOwn(link, root, artifacts);
}

/** Checks that a checkout's link leads to a folder of its own in the store, and notes where the checkout is. */
function requireOwn(link: string, root: string, artifacts: string): void {
  const state = ifThere(() => Deno.realPathSync(link));
  const target = Deno.readLinkSync(link);
  const again = "Remove the link: the next command makes it anew, and a run shows what the store has.";
  if (state === undefined) {
    throw elsewhere(link, root, `a link to ${target}, where nothing is`, `Mount the store's disk. ${again}`);
  }
  if (state === root || storeRootOf(state) !== root) {
    throw elsewhere(link, root, `a link to ${target}`, again);
  }
  const here = realPathOf(artifacts);
  const before = noteOf(state);
  if (before === here) return;
  if (before !== undefined && leadsTo(before, state) && !isSameFolder(before, here)) {
    throw elsewhere(
      link,
      root,
      `the same link as in ${before}, of which this is a copy`,
      "Remove the link and the views that were copied with it. A run shows them again.",
    );
  }
  writeNote(state, here);
}

/** What a checkout's folder has once something has run there. */
const traces: readonly string[] = ["latest", "logs", "pipelines"];

/** Returns the other checkouts that share a store, of those in which something has run. */
export function otherCheckouts(store: Store): readonly OtherCheckout[] {
  const { root } = store;
  const folders = namesIn(join(root, checkoutsName)).map((name) => join(root, checkoutsName, name));
  // A link that a person made may lead to the store itself.
  return [root, ...folders]
    .filter((folder) => folder !== store.state && namesIn(folder).some((name) => traces.includes(name)))
    .map((folder) => {
      const artifacts = noteOf(folder);
      const seen = { ...store, state: folder, ...artifacts && { artifacts } };
      return {
        artifacts,
        folder,
        seen: { ...seen, pipeline: placeOf(seen, store.pipeline.file) },
        isThere: artifacts !== undefined && leadsTo(artifacts, folder),
      };
    });
}

function addCheckout(root: string, artifacts: string, link: string): void {
  const state = join(root, checkoutsName, crypto.randomUUID());
  Deno.mkdirSync(artifacts, { recursive: true });
  writeNote(state, realPathOf(artifacts));
  // Deno lets only programs that may write everywhere make links.
  const { success, stderr } = new Deno.Command("ln", { args: ["-s", "-n", state, link] }).outputSync();
  if (success) return;
  remove(state);
  if (!statIfThere(link)) throw new Error(new TextDecoder().decode(stderr).trim()); // else another process made one
}

/** Checks that a store that checkouts share is here, or can be made here. */
function requirePlace(root: string, artifacts: string): void {
  const info = statIfThere(root);
  const isWithin = !relative(artifacts, root).startsWith("..");
  const names = info?.isDirectory ? namesIn(root) : [];
  const found = isWithin
    ? "a place for the store within artifacts/, which is this checkout's alone"
    : info && !info.isDirectory
    ? "a file in the store's place"
    : !info && !statIfThere(join(root, ".."))?.isDirectory
    ? "no folder in which the store's could be made"
    : names.includes(checkoutsName) || names.length === 0
    ? undefined
    : names.includes("actions")
    ? "a store of one checkout alone"
    : "a folder of something else";
  if (found === undefined) return;
  throw new InputError({
    at: { file: root },
    found,
    expected: "a store that checkouts share, an empty folder, or a place for a new one",
    fix: "Configure another place: docs/engine.md says how.",
  });
}

function elsewhere(link: string, root: string, found: string, fix: string): InputError {
  return new InputError({
    at: { file: link },
    found,
    expected: `a link to a folder of this checkout in ${root}, the store of your configuration`,
    fix,
  });
}

function noteOf(state: string): string | undefined {
  return readIfThere(join(state, "checkout"))?.trimEnd();
}

function writeNote(state: string, artifacts: string): void {
  writeAtomically(join(state, "checkout"), `${artifacts}\n`);
}

/** Says whether this `artifacts/` has this folder of the store for its own. */
function leadsTo(artifacts: string, state: string): boolean {
  return ifThere(() => Deno.realPathSync(join(artifacts, ".store"))) === state;
}

/** Says whether two paths are of one folder, which may be mounted twice. */
function isSameFolder(one: string, other: string): boolean {
  const [first, second] = [statIfThere(one), statIfThere(other)];
  return first?.ino === second?.ino && first?.dev === second?.dev;
}
