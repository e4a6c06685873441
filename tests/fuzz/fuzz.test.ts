/**
 * Whatever a file holds, it is read, or refused by one message: no reader shows a stack trace, hangs, or takes
 * the machine's memory. FUZZ_RUNS says how many files are tried in all, and FUZZ_SEED which.
 */

import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { InputError } from "../../src/errors.ts";
import { inFolder } from "../in_folder.ts";
import { checkpointReaders } from "./checkpoint_readers.ts";
import { dataReaders } from "./data_readers.ts";
import { mutantsOf } from "./mutations.ts";
import { pipelineReaders } from "./pipeline_readers.ts";
import { predictionReaders } from "./prediction_readers.ts";
import type { Reader } from "./reader.ts";
import { reportReaders } from "./report_readers.ts";
import { storeReaders } from "./store_readers.ts";
import { startWatchdog } from "./watchdog.ts";

const readers: readonly Reader[] = [
  ...[...pipelineReaders, ...predictionReaders, ...dataReaders, ...checkpointReaders, ...storeReaders],
  ...reportReaders,
];

const byHand = Deno.env.has("FUZZ_RUNS");
const runs = Number(Deno.env.get("FUZZ_RUNS") ?? 2000);
const seed = Number(Deno.env.get("FUZZ_SEED") ?? 20210421);

const longest = 5000; // milliseconds
const mostMemory = 2 ** 30; // bytes
/** A message is for a person, who reads no more characters than this, and whose terminal obeys none of them. */
const longestMessage = 5000;
const controls = /[^\P{Cc}\n]/u;

/** Reads a file. Fails where it is refused by anything but a message. */
async function attempt(reader: Reader, folder: string, bytes: Uint8Array): Promise<void> {
  try {
    await reader.read(folder, bytes);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const message = error.message.replaceAll(folder, "");
    assert.ok(message.length <= longestMessage, `a message of ${message.length} characters`);
    assert.doesNotMatch(message, controls);
  }
}

/** Writes the files that lie beside the one that is read. */
async function writeOthers({ others = {} }: Reader, folder: string): Promise<void> {
  for (const [name, content] of Object.entries(others)) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(join(folder, name), bytes);
  }
}

for (const reader of readers) {
  Deno.test(`${reader.name}: a file is read, or refused by one message`, async () => {
    await inFolder(async (folder) => {
      await writeOthers(reader, folder);
      for (const bytes of reader.corpus) {
        await Deno.writeFile(join(folder, reader.file), bytes);
        await reader.read(folder, bytes);
      }
      let [slowest, highest] = [0, 0];
      using watchdog = startWatchdog();
      await fc.assert(
        fc.asyncProperty(mutantsOf(reader.corpus), async (bytes) => {
          await Deno.writeFile(join(folder, reader.file), bytes);
          const [start, before] = [performance.now(), Deno.memoryUsage().rss];
          watchdog.begin(`${reader.name}, of ${join(folder, reader.file)}`);
          await attempt(reader, folder, bytes);
          watchdog.end();
          const [taken, after] = [performance.now() - start, Deno.memoryUsage().rss];
          [slowest, highest] = [Math.max(slowest, taken), Math.max(highest, after)];
          assert.ok(taken < longest, `one file took ${taken} ms`);
          assert.ok(after - before < mostMemory, `one file took ${after - before} bytes`);
        }),
        { numRuns: Math.ceil(runs / readers.length), seed },
      );
      if (!byHand) return;
      console.log(`slowest ${Math.round(slowest)} ms, resident ${Math.round(highest / 2 ** 20)} MiB`);
    });
  });
}
