import { InputError } from "../../errors.ts";
import type { Locate } from "../file/validate.ts";
import { dependenciesOf, type Instance } from "./instance.ts";

/**
 * The instances so that each follows those that it needs, otherwise in the order given.
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
    if (start >= 0) throw cycleMistake([...path.slice(start), instance], locate);
    path.push(instance);
    for (const name of dependenciesOf(instance)) visit(byName.get(name) as Instance);
    path.pop();
    ordered.add(instance);
  };
  instances.forEach(visit);
  return [...ordered];
}

function cycleMistake(cycle: readonly Instance[], locate: Locate): InputError {
  const [first, second] = cycle;
  const input = [...first.inputs.keys()].find((name) =>
    dependenciesOf({ ...first, inputs: new Map([...first.inputs].filter(([key]) => key === name)) })
      .includes(second.name)
  );
  return new InputError({
    at: locate(["stages", first.stage, "needs", input ?? ""]),
    found: `a cycle: ${cycle.map(({ name }) => name).join(" → ")}`,
    expected: "stages that don't need their own results",
    fix: "Remove one of these inputs.",
  });
}
