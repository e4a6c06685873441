import { InputError } from "../../errors.ts";
import {
  type LockedResult,
  lockedResultsFolder,
  readLockedResults,
} from "../../pipeline/share/locked_results.ts";

/**
 * Returns the locked results of a pipeline file.
 *
 * @throws {InputError} where there are none
 */
export function lockedResultsOf(pipelineFile: string): readonly LockedResult[] {
  const folder = lockedResultsFolder(pipelineFile);
  const locked = readLockedResults(folder);
  if (locked.length > 0) return locked;
  throw new InputError({
    at: { file: folder },
    found: "no locked results",
    expected: "the pipeline's lock, which names the results to fetch",
    fix: "Write and commit it in the checkout that has the results: deno task pipeline lock",
  });
}
