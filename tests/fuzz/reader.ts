/** What is tried on a function that reads what people, other programs or other machines wrote. */

/** A function that reads a file, and contents that it reads. */
export interface Reader {
  readonly name: string;
  readonly corpus: readonly Uint8Array[];
  /** The file's name in the folder, which holds what else the function reads. */
  readonly file: string;
  readonly others?: Readonly<Record<string, string | Uint8Array>>;
  /** Reads the file, whose bytes are given too. */
  read(folder: string, bytes: Uint8Array): unknown;
}

/** Returns the bytes of texts. */
export function texts(...contents: readonly string[]): readonly Uint8Array[] {
  return contents.map((content) => new TextEncoder().encode(content));
}

/** Returns the bytes of values as JSON. */
export function jsonOf(...values: readonly unknown[]): readonly Uint8Array[] {
  return texts(...values.map((value) => JSON.stringify(value)));
}

/** Returns the text of bytes. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
