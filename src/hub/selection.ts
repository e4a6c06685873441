import { InputError } from "../errors.ts";
import { excerpt, excerpts } from "../excerpt.ts";
import { nearest } from "../nearest.ts";
import type { HubFile } from "./listing.ts";
import { type Repository, titleOf } from "./repository.ts";

/** What is taken of a repository unless files are named: each kind's needed files, and others if there. */
const usual = {
  model: {
    needed: ["config.json", "*.safetensors"],
    others: [
      "model.safetensors.index.json",
      ...["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"],
      ...["vocab.json", "vocab.txt", "merges.txt"],
    ],
  },
  dataset: {
    needed: [],
    others: ["parquet", "csv", "tsv", "jsonl", "json", "txt"].map((ending) => `**/*.${ending}`),
  },
} as const;

/**
 * Chooses files of a repository.
 *
 * @param patterns names or globs, each of which has to fit a file; undefined for what is usual of the kind
 * @param folder where the patterns begin; undefined for the whole repository
 * @throws {InputError} where there is no such file
 */
export function select(
  repository: Repository,
  listed: readonly HubFile[],
  patterns: readonly string[] | undefined,
  folder: string | undefined,
): readonly HubFile[] {
  const start = folder === undefined ? "" : `${folder}/`;
  const { needed, others } = patterns ? { needed: patterns, others: [] } : usual[repository.kind];
  for (const pattern of needed) requireFile(repository, listed, `${start}${pattern}`);
  const globs = [...needed, ...others].map((pattern) => globOf(`${start}${pattern}`));
  const chosen = listed.filter(({ path }) => globs.some((glob) => glob.test(path)));
  if (chosen.length > 0) return chosen;
  throw new InputError({
    found: `${listedIn(repository, listed)}, none of which is parquet, CSV, TSV, JSON or text`,
    expected: "a data set's files",
    fix: "Name those to take under `files`.",
  });
}

function requireFile(repository: Repository, listed: readonly HubFile[], pattern: string): void {
  const glob = globOf(pattern);
  if (listed.some(({ path }) => glob.test(path))) return;
  const isUnsafe = pattern === "*.safetensors" && listed.some(({ path }) => path === "pytorch_model.bin");
  const near = nearest(pattern, listed.map(({ path }) => path));
  throw new InputError({
    found: `no file ${excerpt(pattern)} among ${listedIn(repository, listed)}`,
    expected: "one at least",
    fix: isUnsafe
      ? "Only safetensors are read. Many models have them in a revision of their own, such as refs/pr/1."
      : near && `Did you mean ${excerpt(near)}?`,
  });
}

function listedIn(repository: Repository, listed: readonly HubFile[]): string {
  return `the files of ${titleOf(repository)}, ${excerpts(listed.map(({ path }) => path))}`;
}

/**
 * Makes a pattern of a glob: a star stands for any characters but a slash, a question mark for one of them,
 * two stars for any characters at all, two stars and a slash for any folders or none.
 */
function globOf(glob: string): RegExp {
  const parts: Readonly<Record<string, string>> = {
    "**/": "(?:.*/)?",
    "**": ".*",
    "*": "[^/]*",
    "?": "[^/]",
  };
  const source = glob.replaceAll(/\*\*\/|\*\*|[*?]|[^*?]+/g, (part) => parts[part] ?? RegExp.escape(part));
  return new RegExp(`^${source}$`, "su");
}
