import { InputError } from "../../errors.ts";
import type { Locate } from "../file/validate.ts";
import { dependenciesOf, type Instance, makersOf } from "./instance.ts";

/**
 * Sorts instances so that each follows those that it needs, and otherwise keeps the order given.
 *
 * @throws {InputError} for a cycle, shown as a path
 */
export function topologicalOrder(instances: readonly Instance[], locate: Locate): readonly Instance[] {
  const byName = new Map(instances.map((instance) => [instance.name, instance]));
  const ordered = new Set<Instance>();
  const path: Instance[] = [];
  const visit = (instance: Instance) => {
    if (ordered.has(instance)) return;
    const start = path.indexOf(instance);
    if (start >= 0) throw cycleMistake(instance, path.slice(start + 1), locate);
    path.push(instance);
    for (const name of dependenciesOf(instance)) visit(byName.get(name) as Instance);
    path.pop();
    ordered.add(instance);
  };
  instances.forEach(visit);
  return [...ordered];
}

/**
 * Makes the error for a cycle: the instance needs the first of the others, that needs the next, and the last
 * one needs the instance.
 */
function cycleMistake(instance: Instance, others: readonly Instance[], locate: Locate): InputError {
  const [needed = instance] = others;
  const [input = ""] = [...instance.inputs].find(([, source]) => makersOf(source).includes(needed.name)) ??
    [];
  return new InputError({
    at: locate(["stages", instance.stage, "needs", input]),
    found: `a cycle: ${[instance, ...others, instance].map(({ name }) => name).join(" → ")}`,
    expected: "stages that don't need their own results",
    fix: "Remove one of these inputs.",
  });
}
