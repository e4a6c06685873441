import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** The name under which a model's folder may hold the calibrator that belongs to it. */
export const calibratorName = "calibrator.json";

/**
 * Returns the SHA-256 of what a model consists of: the names and contents of the files in its folder that
 * hold weights, its configuration and its tokenizer, but not those that describe it to people.
 */
export async function modelDigest(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => /\.(json|txt|model|safetensors)$/.test(name));
  const whole = createHash("sha256");
  for (const name of names.filter((name) => name !== calibratorName).sort()) {
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(join(folder, name), { highWaterMark: 2 ** 20 })) {
      hash.update(chunk);
    }
    whole.update(`${name}\0${hash.digest("hex")}\n`);
  }
  return whole.digest("hex");
}
