import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { InputError } from "../../errors.ts";
import { chunksOf, countLines } from "../../lines.ts";

/**
 * Reads a text file in any encoding, packed by gzip or not, as bytes in UTF-8. A file in UTF-8 isn't decoded here:
 * whoever reads its lines does so, and names a wrong byte by its place.
 *
 * @param encoding its name in the WHATWG's Encoding Standard
 * @throws {InputError} where the file can't be read or unpacked, or isn't in that encoding
 */
export async function* textBytes(file: string, encoding: string): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  if (decoder.encoding === "utf-8") return yield* unpacked(file);
  const encoder = new TextEncoder();
  let line = 1;
  for await (const chunk of unpacked(file)) {
    const text = decoded(chunk, decoder, { file, line });
    line += countLines(text);
    yield encoder.encode(text);
  }
  yield encoder.encode(decoded(undefined, decoder, { file, line }));
}

/** @param chunk the next bytes, or undefined at the end */
function decoded(
  chunk: Uint8Array | undefined,
  decoder: TextDecoder,
  at: { readonly file: string; readonly line: number },
): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch (cause) {
    const lenient = new TextDecoder(decoder.encoding).decode(chunk);
    const line = at.line + countLines(lenient.slice(0, lenient.indexOf("\ufffd")));
    throw new InputError({
      at: { ...at, line },
      found: `bytes that aren't text in ${decoder.encoding}`,
      expected: "text in the encoding that is named",
      fix: "Correct `encoding`.",
    }, { cause });
  }
}

/** Reads a file, and unpacks it where it begins as gzip does. */
async function* unpacked(file: string): AsyncGenerator<Uint8Array> {
  const chunks = chunksOf(file);
  const first = await chunks.next();
  if (first.done) return;
  const all = async function* () {
    yield first.value;
    yield* chunks;
  };
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) return yield* all();
  const gunzip = createGunzip({ chunkSize: 2 ** 20 });
  pipeline(Readable.from(all()), gunzip, () => {}); // an error is thrown below
  try {
    yield* gunzip;
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError({
      at: { file },
      found: "a gzip file that can't be unpacked",
      expected: "a whole one",
      fix: "Copy the file again.",
    }, { cause });
  }
}
