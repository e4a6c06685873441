import { InputError } from "../errors.ts";
import { dependenciesOf, type Instance } from "./graph.ts";
import { suggestion } from "./nearest.ts";

/**
 * The instances that patterns name: a stage (all its instances), an instance, or a glob such as `finetune@*`. No pattern
 * names all.
 *
 * @throws {InputError} for a pattern that names none
 */
export function namedInstances(
  instances: readonly Instance[],
  patterns: readonly string[],
): readonly Instance[] {
  if (patterns.length === 0) return instances;
  const chosen = new Set(patterns.flatMap((pattern) => {
    const glob = new RegExp(`^${pattern.split("*").map(escapeText).join(".*")}$`);
    const found = instances.filter(({ name, stage }) => stage === pattern || glob.test(name));
    if (found.length > 0) return found;
    const known = new Set(instances.flatMap(({ name, stage }) => [stage, name]));
    throw new InputError({
      found: `no stage "${pattern}"`,
      expected: "a stage of the pipeline, an instance, or a glob such as finetune@*",
      fix: suggestion(pattern, known),
    });
  }));
  return instances.filter((instance) => chosen.has(instance));
}

function escapeText(text: string): string {
  return text.replace(/[\\^$.|?+(){}[\]]/g, "\\$&");
}

/** These instances and all that they need, in the graph's order. */
export function withNeeded(instances: readonly Instance[], chosen: readonly Instance[]): readonly Instance[] {
  const wanted = new Set(chosen.map(({ name }) => name));
  // From the last to the first: each instance comes before those that it needs.
  for (const instance of instances.toReversed()) {
    if (wanted.has(instance.name)) dependenciesOf(instance).forEach((name) => wanted.add(name));
  }
  return instances.filter(({ name }) => wanted.has(name));
}
