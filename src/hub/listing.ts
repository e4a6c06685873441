import { z } from "zod";
import { InputError } from "../errors.ts";
import { excerpt } from "../excerpt.ts";
import type { Hub } from "./hub.ts";
import { type Repository, titleOf } from "./repository.ts";
import { ask, brokenConnection } from "./request.ts";
import { retried } from "./retries.ts";

/** A file of a repository as the hub describes it. */
export interface HubFile {
  /** Its path in the repository, with slashes. */
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 of a large file; of a small one git's, the SHA-1 of a header and the content. */
  readonly digest: { readonly algorithm: "sha256" | "git"; readonly hex: string };
}

const sha1 = z.string().regex(/^[0-9a-f]{40}$/);
const entrySchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("directory") }),
  z.object({
    type: z.literal("file"),
    path: z.string(),
    size: z.int().min(0),
    oid: sha1,
    lfs: z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.int().min(0) }).optional(),
  }),
]);

/**
 * Lists the files of a repository at a commit, sorted by path.
 *
 * @param folder the folder to list, with all that is below it; undefined for the whole repository
 * @throws {InputError} where they can't be had, or one has a path that leads elsewhere
 */
export function listRepository(
  hub: Hub,
  repository: Repository,
  folder: string | undefined,
): Promise<readonly HubFile[]> {
  const listed = folder === undefined ? "files" : `files in the folder ${folder}`;
  return retried(hub, async () => {
    const { listFiles } = await hubLibrary();
    const files: HubFile[] = [];
    const entries = listFiles({
      ...libraryOptions(hub, repository, `${listed} of ${titleOf(repository)}`),
      repo: { type: repository.kind, name: repository.name },
      revision: repository.revision,
      recursive: true,
      ...(folder === undefined ? {} : { path: folder }),
    });
    for await (const entry of entries) {
      const file = fileOf(entry, repository);
      if (file) files.push(file);
    }
    return files.sort((a, b) => a.path < b.path ? -1 : 1);
  });
}

/**
 * Returns the full hash of the commit that a branch, a tag or a short hash stands for at the moment.
 *
 * @throws {InputError} where the hub doesn't know it
 */
export function commitOf(hub: Hub, repository: Repository): Promise<string> {
  return retried(hub, async () => {
    const { datasetInfo, modelInfo } = await hubLibrary();
    const options = {
      ...libraryOptions(hub, repository, `revision ${repository.revision} of ${titleOf(repository)}`),
      ...repository,
      additionalFields: ["sha" as const],
    };
    const { sha } = await (repository.kind === "dataset" ? datasetInfo(options) : modelInfo(options));
    return sha1.parse(sha);
  });
}

/** Loads the library only where it is used: it is large, and the planner imports all that a stage does. */
function hubLibrary() {
  return import("@huggingface/hub");
}

/** Has the library ask in our way, which knows about tokens and redirections and words the mistakes. */
function libraryOptions(hub: Hub, repository: Repository, what: string) {
  return {
    hubUrl: hub.endpoint.href.slice(0, -1),
    fetch: async (address: RequestInfo | URL) => {
      const url = new URL(address instanceof Request ? address.url : address);
      const signal = AbortSignal.timeout(hub.stalledMs);
      const response = await ask(hub, { repository, what, url, signal });
      const text = await response.text().catch((error) => {
        throw brokenConnection(error, url, `no whole answer from ${url.host} for ${what}`);
      });
      if (isJson(text)) return new Response(text, response);
      throw new InputError({
        found: `an answer from ${url.host} for ${what} that isn't JSON`,
        expected: "the hub's",
        fix: "Look whether a browser gets there: a network may have a page of its own in between.",
      });
    },
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function fileOf(entry: unknown, repository: Repository): HubFile | undefined {
  const { data, error } = entrySchema.safeParse(entry);
  if (!data) {
    throw new InputError({
      found: `a list of the files of ${titleOf(repository)} that isn't understood (${
        error.issues[0].message
      })`,
      expected: "paths, sizes and digests",
      fix: "If HF_ENDPOINT names a mirror, leave it out.",
    }, { cause: error });
  }
  if (data.type === "directory") return undefined;
  const { path, size, oid, lfs } = data;
  if (!isPlain(path)) {
    throw new InputError({
      found: `the file ${excerpt(path)} in ${titleOf(repository)}`,
      expected: "paths that lead to no other place than the output",
      fix: "Don't use this repository.",
    });
  }
  return lfs
    ? { path, bytes: lfs.size, digest: { algorithm: "sha256", hex: lfs.oid } }
    : { path, bytes: size, digest: { algorithm: "git", hex: oid } };
}

/** Says whether a path is a relative one that stays where it is, on any system. */
function isPlain(path: string): boolean {
  return path.split("/").every((part) => !["", ".", ".."].includes(part)) && !/[\\:\p{Cc}]/u.test(path);
}
