import { InputError } from "../../errors.ts";
import { suggestion } from "../../nearest.ts";
import { globMatcher } from "./glob.ts";
import { dependenciesOf, type Instance } from "./instance.ts";

/**
 * Returns the instances that patterns name: a stage (all its instances), an instance, or a glob such as
 * `finetune@*`. No pattern names all.
 *
 * @throws {InputError} for a pattern that names none
 */
export function namedInstances<Named extends Pick<Instance, "name" | "stage">>(
  instances: readonly Named[],
  patterns: readonly string[],
): readonly Named[] {
  if (patterns.length === 0) return instances;
  const chosen = new Set(patterns.flatMap((pattern) => {
    const matches = globMatcher(pattern);
    const found = instances.filter(({ name, stage }) => stage === pattern || matches(name));
    if (found.length > 0) return found;
    const known = new Set(instances.flatMap(({ name, stage }) => [stage, name]));
    throw new InputError({
      found: `no stage "${pattern}"`,
      expected: "a stage of the pipeline, an instance, or a glob such as finetune@*",
      fix: fileAdvice(pattern) ?? suggestion(pattern, known),
    });
  }));
  return instances.filter((instance) => chosen.has(instance));
}

/** Says how a pipeline file is named, for a word that looks like one where a stage was expected. */
export function fileAdvice(word: string): string | undefined {
  return /\.ya?ml$/.test(word) ? `A pipeline file is named by --file ${word}.` : undefined;
}

/** Returns the chosen instances and all that they need, in the graph's order. */
export function withNeeded(instances: readonly Instance[], chosen: readonly Instance[]): readonly Instance[] {
  const wanted = new Set<string>(chosen.map(({ name }) => name));
  // From the last to the first: each instance comes before those that it needs.
  for (const instance of instances.toReversed()) {
    if (wanted.has(instance.name)) dependenciesOf(instance).forEach((name) => wanted.add(name));
  }
  return instances.filter(({ name }) => wanted.has(name));
}

/** Returns the chosen instances and all that follow from them, in the graph's order. */
function withFollowing(instances: readonly Instance[], chosen: readonly Instance[]): readonly Instance[] {
  const wanted = new Set<string>(chosen.map(({ name }) => name));
  for (const instance of instances) {
    if (dependenciesOf(instance).some((name) => wanted.has(name))) wanted.add(instance.name);
  }
  return instances.filter(({ name }) => wanted.has(name));
}

/** What the command line asks for. */
export interface Selection {
  /** Stages, instances or globs; none stands for all. */
  readonly patterns: readonly string[];
  /** A stage, instance or glob: what doesn't follow from it is left out. */
  readonly from?: string;
  /** A stage, instance or glob: what it doesn't need is left out. */
  readonly until?: string;
}

/**
 * Returns the instances that are asked for, without what they need.
 *
 * @throws {InputError} where there are none
 */
export function selectedInstances(
  instances: readonly Instance[],
  { patterns, from, until }: Selection,
): readonly Instance[] {
  const following = from === undefined
    ? instances
    : withFollowing(instances, namedInstances(instances, [from]));
  const needed = until === undefined ? instances : withNeeded(instances, namedInstances(instances, [until]));
  const [inFollowing, inNeeded] = [new Set(following), new Set(needed)];
  const selected = namedInstances(instances, patterns).filter((instance) =>
    inFollowing.has(instance) && inNeeded.has(instance)
  );
  if (selected.length > 0) return selected;
  throw new InputError({
    found: "no stage that is named, follows from --from and is needed by --until",
    expected: "at least one",
    fix: "`deno task pipeline graph` shows what follows from what.",
  });
}

/** Makes the error for an instance that isn't up to date and isn't to run either, though others need it. */
export function leftOutMistake(instance: string): InputError {
  return new InputError({
    found: `${instance}, which isn't up to date`,
    expected: "all that the named stages need to be up to date, since --only runs nothing else",
    fix: `Name ${instance} too, or leave out --only.`,
  });
}
