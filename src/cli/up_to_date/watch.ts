/**
 * Watches what a run looks at and prints, and notes it where the run had nothing to do. It is Deno's own
 * functions that are watched, so that no look of the run's modules can be missed.
 */

import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { writeAtomically } from "../../pipeline/store/atomic.ts";
import { storeRootOf } from "../../pipeline/store/store.ts";
import { cpuInstructionSets } from "../../runtime/machine.ts";
import { placesIn } from "../../runtime/setup/places.ts";
import { isSettled, lookAt, type LookKind } from "./looks.ts";
import { currentCircumstances, type Note, notePath } from "./up_to_date.ts";

/** The functions of Deno by which programs look at files → what each looks at. */
const looking: Readonly<Record<string, LookKind>> = {
  statSync: "file",
  lstatSync: "link",
  readDirSync: "list",
  readFileSync: "file",
  readTextFileSync: "file",
  openSync: "file",
  realPathSync: "target",
  readLinkSync: "link",
};

/** What runs write in the store to keep out of each other's way, and what they merely remember there. */
const ownNames = ["lock", "locks", "runs", "stat-cache", "up-to-date", "up-to-date-status"];

/**
 * The variables that say where a remote cache is. A run with nothing to do doesn't ask it, and they may hold
 * passwords, which no note may.
 */
const ofRemoteCaches = /^(CALIBRANT_CACHE|AWS)_/;

/** The modules of the programs themselves, which may come to print something else. */
const programs = fileURLToPath(new URL("../..", import.meta.url));

export interface Watch {
  /** Ends the watch, and notes what was seen, by which the next run may find that there is nothing to do. */
  note(): void;
  /** Ends the watch. */
  end(): void;
}

let current: Watch | undefined;

/** Returns the watch over this process; undefined where it has none, or it has ended. */
export function currentWatch(): Watch | undefined {
  return current;
}

/** Starts to watch this process. */
export function startWatch(): void {
  const looks = new Map<string, Note["looks"][number]>();
  const environment = new Map<string, string | null>();
  const valueOf = Deno.env.get;
  const own = ownPlaces();
  const decoder = new TextDecoder();
  let printed = "";
  let asksForMachine = false;
  let isWhole = true; // whether the note would hold all that the run depended on

  function look(kind: LookKind, path: string): void {
    const absolute = resolve(path);
    const name = `${kind} ${absolute}`;
    if (looks.has(name) || own.some((place) => absolute === place || absolute.startsWith(`${place}/`))) {
      return;
    }
    const sight = lookAt(kind, absolute);
    isWhole &&= isSettled(sight, Date.now());
    looks.set(name, [kind, absolute, sight]);
  }

  const undo = [
    ...Object.entries(looking).map(([name, kind]) =>
      watchCalls(Deno, name, ([path, options]) => {
        if (Object(options).write !== true) {
          look(kind, path instanceof URL ? fileURLToPath(path) : String(path));
        }
      })
    ),
    watchCalls(Deno.env, "get", ([name]) => {
      if (ofRemoteCaches.test(String(name))) return;
      environment.set(String(name), valueOf(String(name)) ?? null);
    }),
    watchCalls(Deno.stdout, "writeSync", ([bytes]) => {
      printed += decoder.decode(bytes as Uint8Array, { stream: true });
    }),
    watchCalls(console, "log", (texts) => void (printed += `${texts.join(" ")}\n`)),
    watchPrograms((program) => {
      if (program === "head") asksForMachine = true; // it reads what the CPU can do
      else isWhole = false;
    }),
  ];

  current = {
    note() {
      this.end();
      if (asksForMachine) look("file", placesIn(".").stamp); // which is read by Node's functions
      filesIn(programs).forEach((path) => look("file", path));
      if (!isWhole) return;
      const note: Note = {
        circumstances: currentCircumstances(),
        cpu: asksForMachine ? cpuInstructionSets() : null,
        environment: [...environment],
        looks: [...looks.values()],
        printed,
      };
      try {
        writeAtomically(notePath(), JSON.stringify(note));
      } catch {
        // The store can't be written: the next run only has more to look at.
      }
    },
    end() {
      undo.forEach((undoOne) => undoOne());
      current = undefined;
    },
  };
}

/** Returns the paths of what runs write themselves; the store may be a link, or one that checkouts share. */
function ownPlaces(): readonly string[] {
  const store = resolve("artifacts/.store");
  const sight = lookAt("target", store);
  const real = sight.startsWith("to ") ? [sight.slice("to ".length)] : [];
  const roots = [store, ...real, ...real.map(storeRootOf)];
  return roots.flatMap((root) => ownNames.map((name) => join(root, name)));
}

function filesIn(folder: string): readonly string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesIn(join(folder, name)) : [join(folder, name)]
  );
}

/** Has each call of one of an object's functions told, just before it is made. Returns what ends that. */
function watchCalls(object: object, name: string, tell: (args: readonly unknown[]) => void): () => void {
  const functions = object as Record<string, (...args: unknown[]) => unknown>;
  const original = functions[name];
  if (!original) throw new Error(`found no ${name} to watch`);
  functions[name] = (...args) => {
    tell(args);
    return original.apply(object, args);
  };
  return () => functions[name] = original;
}

/** Has each program told that is started. Returns what ends that. */
function watchPrograms(tell: (program: string) => void): () => void {
  const original = Deno.Command;
  Deno.Command = class extends original {
    constructor(program: string | URL, options?: Deno.CommandOptions) {
      super(program, options);
      tell(String(program));
    }
  };
  return () => Deno.Command = original;
}
