import { Buffer } from "node:buffer";
import { closeSync, openSync, readSync, writeFileSync } from "node:fs";

/** So many bytes are written and read at once where values come in their order. */
const blockSize = 2 ** 20;

/** A list that values are added to, wherever it keeps them. */
export interface GrowingList<Value> {
  readonly length: number;
  append(value: Value): void;
  /** Returns the value at an index, which must be of the list. */
  at(index: number): Value;
}

/** A list of values that are held in memory. */
export class HeldList<Value> implements GrowingList<Value> {
  readonly #values: Value[] = [];

  get length(): number {
    return this.#values.length;
  }

  append(value: Value): void {
    this.#values.push(value);
  }

  at(index: number): Value {
    return this.#values[index];
  }
}

/**
 * A list of values that are kept in a file as JSON Lines, and not in memory, which has but the place of each. Values
 * may be read in any order; in the order of the list that is faster.
 */
export class StoredList<Value> implements GrowingList<Value>, Disposable {
  readonly #file: number;
  /** Where each value begins in the file, and at last where they end. [values + 1] */
  readonly #starts: number[] = [0];
  #unwritten = "";
  /** The values that were read last in their order, as JSON, and the index of the first. */
  #block: readonly string[] = [];
  #blockStart = 0;
  #lastIndex = -1;

  /** Makes the file, which must not exist yet. What is written always goes to its end. */
  constructor(path: string) {
    this.#file = openSync(path, "ax+");
  }

  get length(): number {
    return this.#starts.length - 1;
  }

  append(value: Value): void {
    const line = `${JSON.stringify(value)}\n`;
    this.#unwritten += line;
    this.#starts.push(this.#starts.at(-1)! + Buffer.byteLength(line));
    if (this.#unwritten.length >= blockSize) this.#write();
  }

  at(index: number): Value {
    const isNext = index === this.#lastIndex + 1;
    this.#lastIndex = index;
    const inBlock = index - this.#blockStart;
    if (inBlock >= 0 && inBlock < this.#block.length) return JSON.parse(this.#block[inBlock]);
    if (!isNext) return JSON.parse(this.#read(index, index + 1));
    let end = index + 1;
    while (end < this.length && this.#starts[end + 1] - this.#starts[index] <= blockSize) end++;
    this.#block = this.#read(index, end).split("\n", end - index);
    this.#blockStart = index;
    return JSON.parse(this.#block[0]);
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }

  #write(): void {
    writeFileSync(this.#file, this.#unwritten);
    this.#unwritten = "";
  }

  #read(start: number, end: number): string {
    if (this.#unwritten !== "") this.#write();
    const from = this.#starts[start];
    const bytes = Buffer.allocUnsafe(this.#starts[end] - from);
    for (let at = 0; at < bytes.length;) {
      const read = readSync(this.#file, bytes, at, bytes.length - at, from + at);
      if (read === 0) throw new Error("a temporary file was cut short");
      at += read;
    }
    return bytes.toString();
  }
}
