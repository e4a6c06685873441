/** Finds the commits whose code made results. */

import { digestOf } from "../../pipeline/store/digest.ts";
import type { ActionRecord } from "../../pipeline/store/record.ts";
import { git } from "./git.ts";

type Made = Pick<ActionRecord, "sources" | "ended">;

/**
 * Returns, for each result, the commit whose code made it: the last one before it was done, or the present one,
 * if its files are those that the result's record has. Results of which neither is so, as with changes that
 * weren't committed, have none; where there is no git, none has.
 */
export async function commitsOf<Result extends Made>(
  root: string,
  results: readonly Result[],
): Promise<ReadonlyMap<Result, string>> {
  const commits = commitsAt(root);
  const [present] = commits;
  const digests = new Map<string, Map<string, string>>(); // commit → path → digest of the file there
  const isOf = async ({ sources = {} }: Made, commit: string) => {
    const paths = Object.keys(sources);
    const known = digests.getOrInsertComputed(commit, () => new Map());
    await readFiles(root, commit, paths.filter((path) => !known.has(path)), known);
    return paths.length > 0 && paths.every((path) => known.get(path) === sources[path]);
  };
  const found = new Map<Result, string>();
  for (const result of present === undefined ? [] : results) {
    const before = commits.find(({ seconds }) => seconds <= Date.parse(result.ended) / 1000);
    for (const name of new Set([before?.name, present?.name])) {
      if (name === undefined || !await isOf(result, name)) continue;
      found.set(result, name);
      break;
    }
  }
  return found;
}

interface Commit {
  readonly name: string;
  /** When it was made, in seconds since 1970. */
  readonly seconds: number;
}

/** Lists the present commit and those before it, the newest first; none where there is no git. */
function commitsAt(root: string): readonly Commit[] {
  const lines = git(root, "rev-list", "--timestamp", "HEAD")?.split("\n") ?? [];
  return lines.map((line) => {
    const [seconds = "", name = ""] = line.split(" ");
    return { name, seconds: Number(seconds) };
  });
}

/** Notes the digests of files at a commit; those that aren't there get an empty one. */
async function readFiles(
  root: string,
  commit: string,
  paths: readonly string[],
  digests: Map<string, string>,
): Promise<void> {
  const wanted = paths.filter((path) => !path.includes("\n"));
  if (wanted.length === 0) return;
  const answer = await catFile(root, wanted.map((path) => `${commit}:./${path}\n`).join(""));
  contentsIn(answer).forEach((content, index) =>
    digests.set(wanted[index], content === undefined ? "" : digestOf(content))
  );
}

/** Runs `git cat-file --batch`, and returns what it prints; nothing where it fails or isn't there. */
async function catFile(root: string, input: string): Promise<Uint8Array> {
  try {
    const command = new Deno.Command("git", {
      args: ["cat-file", "--batch"],
      ...{ cwd: root, stdin: "piped", stdout: "piped", stderr: "null" },
    });
    const child = command.spawn();
    const [{ success, stdout }] = await Promise.all([
      child.output(),
      new Blob([input]).stream().pipeTo(child.stdin),
    ]);
    return success ? stdout : new Uint8Array();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.BrokenPipe) {
      return new Uint8Array();
    }
    throw error;
  }
}

/** Takes the answer of `git cat-file --batch` apart: the content of each file, undefined for one that isn't there. */
function contentsIn(answer: Uint8Array): readonly (Uint8Array | undefined)[] {
  const contents: (Uint8Array | undefined)[] = [];
  for (let at = 0; at < answer.length;) {
    const end = answer.indexOf(0x0a, at);
    const [, size] = new TextDecoder().decode(answer.subarray(at, end)).match(/ blob (\d+)$/) ?? [];
    contents.push(size === undefined ? undefined : answer.subarray(end + 1, end + 1 + Number(size)));
    at = size === undefined ? end + 1 : end + 2 + Number(size);
  }
  return contents;
}
