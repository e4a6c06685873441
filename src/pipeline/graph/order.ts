import { InputError } from "../../errors.ts";
import type { Locate } from "../file/validate.ts";
import { depthFirst } from "../store/depth_first.ts";
import { dependenciesOf, type Instance, makersOf } from "./instance.ts";

/**
 * Sorts instances so that each follows those that it needs, and otherwise keeps the order given.
 *
 * @throws {InputError} for a cycle, shown as a path
 */
export function topologicalOrder(instances: readonly Instance[], locate: Locate): readonly Instance[] {
  const byName = new Map<string, Instance>(instances.map((instance) => [instance.name, instance]));
  const needed = (instance: Instance) => dependenciesOf(instance).map((name) => byName.get(name) as Instance);
  return depthFirst(instances, needed, ([instance, ...others]) => {
    if (instance) throw cycleMistake(instance, others, locate);
  });
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
