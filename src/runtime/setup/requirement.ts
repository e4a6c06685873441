/** One line of a requirements file: a package, and the hashes that its file may have. */
export interface Requirement {
  /** The whole line, for pip. */
  readonly line: string;
  /** `name==version`, for people. */
  readonly name: string;
  /** SHA-256 in hexadecimal, one for each platform's file. */
  readonly hashes: readonly string[];
}

/**
 * Reads a requirements file with one requirement per line, `name==version --hash=sha256:…`, and `#` comments.
 */
export function parseRequirements(text: string): readonly Requirement[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => ({
      line,
      name: line.split(" ")[0],
      hashes: [...line.matchAll(/--hash=sha256:([0-9a-f]{64})\b/g)].map((match) => match[1]),
    }));
}
