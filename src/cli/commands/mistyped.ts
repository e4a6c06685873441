import type { Command } from "commander";
import { InputError } from "../../errors.ts";
import { nearest } from "../../nearest.ts";
import { globMatcher } from "../../pipeline/graph/glob.ts";
import type { Instance } from "../../pipeline/graph/instance.ts";
import { fileAdvice } from "../../pipeline/graph/select.ts";

/**
 * Refuses a first word that is neither a command nor a stage, where `run` was meant only because no command
 * was named.
 *
 * @param run the command `run`
 * @throws {InputError} which names the command or the stage that comes nearest
 */
export function refuseMistyped(run: Command, instances: readonly Instance[]): void {
  const [word] = run.parent?.args ?? [];
  if (word === undefined || word.startsWith("-") || word === run.name()) return;
  const matches = globMatcher(word);
  if (instances.some(({ name, stage }) => stage === word || matches(name))) return;
  const commands = run.parent?.commands.map((command) => command.name()) ?? [];
  const near = nearest(word, [...commands, ...instances.flatMap(({ stage, name }) => [stage, name])]);
  throw new InputError({
    found: `no command and no stage "${word}"`,
    expected: "a command, or a stage to run",
    fix: fileAdvice(word) ??
      (near === undefined
        ? "`deno task pipeline --help` lists the commands, `deno task pipeline status` the stages."
        : `Did you mean "${near}"?`),
  });
}
