import { readFile } from "node:fs/promises";
import { z } from "zod";
import { InputError } from "../errors.ts";
import type { NoiseRow } from "./rows.ts";

const fileSchema = z.looseObject({ oos_test: z.array(z.tuple([z.string().min(1), z.string()])).nonempty() });

/**
 * Reads the out-of-scope test texts of CLINC150 (Larson et al. 2019) from its `data_full.json`: questions to
 * an assistant that fit none of its intents.
 *
 * @throws {InputError} where the file is missing or has no such texts
 */
export async function readOutOfScope(file: string): Promise<NoiseRow[]> {
  const expected = `CLINC150's data_full.json, with texts as "oos_test"`;
  try {
    const { oos_test } = fileSchema.parse(JSON.parse(await readFile(file, "utf8")));
    return oos_test.map(([text], index) => ({ id: `oos_test:${index + 1}`, text }));
  } catch (cause) {
    throw new InputError({ at: { file }, found: "no such texts", expected }, { cause });
  }
}
