/** Changes the bytes of files in the ways that they are broken in, by accident or on purpose. */

import { Buffer } from "node:buffer";
import fc from "fast-check";

/** A change of a file's bytes, which are held as a text of characters from 0 to 255. */
type Mutation = (bytes: string) => string;

/** Values nested so deeply that a function which calls itself for each level may run out of stack. */
const nested = ([["[", "]"], ['{"a":', "}"], ["{a: ", "}"]] as const).flatMap(([open, close]) =>
  [150, 2200, 10_000].map((depth) => `${open.repeat(depth)}1${close.repeat(depth)}`)
);

const oddTexts = [
  ...'__proto__ "__proto__" {"__proto__":1} constructor toString length hasOwnProperty'.split(" "),
  ...'1e999 -1e999 9007199254740993 18446744073709551615 -0 1e-999 -1 00 0.5 2 "\\ud800" "\\u0000"'.split(
    " ",
  ),
  ...'NaN Infinity .inf null true ~ [] {} "" " \\ # ../x / . @ a@ a:b:c [1,[2]] {"a":{"b":null}}'.split(" "),
  ...[
    "",
    "\t",
    "\r",
    "\n",
    "\n\n",
    "\0",
    "\x1b[2J",
    "\u2028",
    "\u202e",
    "\ufeff",
    "🙂",
    "é",
    "İ",
    "ａ",
    "𠀀",
  ],
  ...["9".repeat(400), "a".repeat(5000), "x".repeat(300), "\u0301".repeat(50)],
  ...[
    "*a",
    "&a ",
    "<<: *a",
    "&a [*a]",
    "!!binary AAAA",
    "!!set {a, b}",
    "!!omap [a: 1]",
    "---\n",
    "? ",
    "- ",
  ],
  ..."${vars.seed} ${ ${vars.__proto__} ${matrix.toString}".split(" "),
];
const oddBytes = [
  "\xff\xfe",
  "\xc0\x80",
  "\xed\xa0\x80",
  "\xf4\x90\x80\x80",
  "\x80",
  "\x1f\x8b",
  "\0\0\0\0\0\0\0\0",
];
const latin1 = (text: string) => Buffer.from(text).toString("latin1");

/** What a mutation puts in. */
const inserted = fc.constantFrom(...oddTexts.map(latin1), ...oddBytes);

/** A place in a file of any length, as a share of it. */
const place = fc.nat({ max: 9999 }).map((share) => share / 10_000);

/** Where the tokens of a text are: words and numbers, quoted texts, and single signs. */
function tokensOf(bytes: string): readonly { readonly start: number; readonly end: number }[] {
  // No token is long, so that even a file without spaces has many.
  return Array.from(
    bytes.matchAll(/"[^"\n]{0,200}"|[\w.+-]{1,200}|[^\w\s]/g),
    ({ index, 0: token }) => ({ start: index, end: index + token.length }),
  );
}

function withToken(bytes: string, at: number, change: (token: string) => string): string {
  const tokens = tokensOf(bytes);
  if (tokens.length === 0) return bytes;
  const { start, end } = tokens[Math.floor(at * tokens.length)];
  return bytes.slice(0, start) + change(bytes.slice(start, end)) + bytes.slice(end);
}

function swapped(bytes: string, one: number, other: number): string {
  const tokens = tokensOf(bytes);
  if (tokens.length === 0) return bytes;
  const [a, b] = [one, other].map((at) => Math.floor(at * tokens.length)).sort((a, b) => a - b)
    .map((index) => tokens[index]);
  if (a === b) return bytes;
  const [first, second] = [a, b].map(({ start, end }) => bytes.slice(start, end));
  return bytes.slice(0, a.start) + second + bytes.slice(a.end, b.start) + first + bytes.slice(b.end);
}

const length = fc.integer({ min: 1, max: 40 });

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ at: place, bit: fc.nat({ max: 7 }) }).map(({ at, bit }) => (bytes: string) => {
    const index = Math.floor(at * bytes.length);
    if (bytes === "") return bytes;
    const flipped = String.fromCharCode(bytes.charCodeAt(index) ^ (1 << bit));
    return bytes.slice(0, index) + flipped + bytes.slice(index + 1);
  }),
  fc.record({ at: place, length }).map(({ at, length }) => (bytes: string) => {
    const index = Math.floor(at * bytes.length);
    return bytes.slice(0, index) + bytes.slice(index + length);
  }),
  place.map((at) => (bytes: string) => bytes.slice(0, Math.floor(at * bytes.length))),
  fc.record({ at: place, length, times: fc.constantFrom(2, 3, 50) }).map(
    ({ at, length, times }) => (bytes: string) => {
      const index = Math.floor(at * bytes.length);
      return bytes.slice(0, index) + bytes.slice(index, index + length).repeat(times) +
        bytes.slice(index + length);
    },
  ),
  fc.record({ at: place, value: inserted }).map(({ at, value }) => (bytes: string) => {
    const index = Math.floor(at * bytes.length);
    return bytes.slice(0, index) + value + bytes.slice(index);
  }),
  // The likeliest way past a reader's first checks: a token becomes another one.
  {
    weight: 3,
    arbitrary: fc.record({ at: place, value: inserted }).map(({ at, value }) => (bytes: string) =>
      withToken(bytes, at, (token) => token.startsWith('"') && !/^["[{]/.test(value) ? `"${value}"` : value)
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({ at: place, value: inserted }).map(({ at, value }) => (bytes: string) =>
      withToken(bytes, at, () => value)
    ),
  },
  fc.record({ at: place, value: fc.constantFrom(...nested) }).map(({ at, value }) => (bytes: string) =>
    withToken(bytes, at, () => value)
  ),
  fc.record({ one: place, other: place }).map(({ one, other }) => (bytes: string) =>
    swapped(bytes, one, other)
  ),
);

/**
 * Makes arbitrary mutants of files: one of the files, changed in up to six ways.
 *
 * @param corpus the contents of valid files
 */
export function mutantsOf(corpus: readonly Uint8Array[]): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const texts = corpus.map((bytes) => Buffer.from(bytes).toString("latin1"));
  return fc.record({
    text: fc.constantFrom(...texts),
    mutations: fc.array(mutation, { minLength: 1, maxLength: 6 }),
  }).map(({ text, mutations }) =>
    new Uint8Array(Buffer.from(mutations.reduce((bytes, mutate) => mutate(bytes), text), "latin1"))
  );
}
