import { InputError } from "../../errors.ts";
import type { RecordReader } from "./record.ts";

/** What to set for a text that `iconv` would read from an encoding, by its name there. */
const settings: Readonly<Record<string, string>> = {
  "cp1252": "Set `encoding: cp1252` if it is in a Western language, or else another encoding.",
  "ENCODING": "Set `encoding` to the encoding of the file.",
  "utf-16": "Set `encoding: utf-16le`, or `utf-16be`.",
  "utf-16le": "Set `encoding: utf-16le`.",
  "utf-16be": "Set `encoding: utf-16be`.",
};

/** Makes a reader of text files advise to set their encoding, where it would advise to save them in another. */
export function withEncodingAdvice(records: RecordReader): RecordReader {
  return async function* (...file) {
    try {
      yield* records(...file);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const [, from = ""] = /`iconv -f (\S+) /.exec(error.mistake.fix ?? "") ?? [];
      if (!Object.hasOwn(settings, from)) throw error;
      throw new InputError({ ...error.mistake, fix: settings[from] }, { cause: error.cause });
    }
  };
}
