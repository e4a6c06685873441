/**
 * Runs a program through TensorFlow's C API, which, unlike TensorFlow.js, reports when each operation ran.
 */

import { create, toBinary } from "@bufbuild/protobuf";
import { join } from "node:path";
import process from "node:process";
import type { Program } from "../../graph/program.ts";
import type { Feed } from "../feeds.ts";
import { type LoadedModel, type ModelOptions, withSavedModel } from "../model.ts";
import { measurePeak } from "../peak.ts";
import { bindingPath, loadTensorFlow } from "../tensorflow.ts";
import { openLibrary } from "./c_api.ts";
import { chromeTrace } from "./chrome_trace.ts";
import { profileTable } from "./profile_table.ts";
import { makeRecorder } from "./recorder.ts";
import { loadSavedModel } from "./saved_model_session.ts";
import { RunOptions_TraceLevel, RunOptionsSchema } from "./step_stats_pb.ts";

const traceOptions = toBinary(
  RunOptionsSchema,
  create(RunOptionsSchema, { traceLevel: RunOptions_TraceLevel.FULL_TRACE, outputPartitionGraphs: true }),
);

/**
 * Loads a program that traces some runs of each signature and, when it is closed, writes `profile.md` and
 * `trace.json` to the folder `profile`. What it fetches is the same to the last bit as without a profile.
 */
export async function loadProfiledModel(
  program: Program,
  { scratch, threads, profile }: ModelOptions & { readonly profile: string },
): Promise<LoadedModel> {
  // This keeps libtensorflow loaded and sets its environment.
  await loadTensorFlow({ threads, parts: program.parts, precision: program.precision });
  const { precision, savedModel } = program;
  const peak = await measurePeak(program, { scratch, threads });
  const session = await withSavedModel(
    savedModel,
    scratch,
    (folder) => Promise.resolve(loadSavedModel(openLibrary(bindingPath()), folder, savedModel)),
  );
  const recorder = makeRecorder();
  return {
    run(signature, feeds) {
      const started = performance.now();
      const { values, metadata } = session.run(
        signature,
        feeds,
        recorder.wants(signature) ? traceOptions : undefined,
      );
      recorder.add(signature, performance.now() - started, tokensOf(feeds), metadata);
      return values;
    },
    close() {
      session.close();
      const signatures = recorder.signatures();
      const residentBytes = process.resourceUsage().maxRSS * 1024;
      const table = profileTable(signatures, { precision, threads, peak, residentBytes });
      Deno.writeTextFileSync(join(profile, "profile.md"), table);
      Deno.writeTextFileSync(join(profile, "trace.json"), chromeTrace(signatures));
    },
  };
}

/**
 * Counts the tokens that were fed. Every signature that reads tokens takes them as `ids`, or as `ids/0`,
 * `ids/1`, … in parts.
 */
function tokensOf(feeds: Readonly<Record<string, Feed>>): number {
  const read = Object.entries(feeds).filter(([name]) => name.split("/")[0] === "ids");
  return read.reduce((total, [, ids]) => total + (typeof ids === "object" ? ids.values.length : 0), 0);
}
