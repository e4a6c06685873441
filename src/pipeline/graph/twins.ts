import { canonicalJson } from "../store/canonical_json.ts";
import type { InstanceName } from "../store/instance_name.ts";
import { type Instance, makerParts, type Source } from "./instance.ts";

/**
 * Finds the instances that do the same as one before them: the same stage with the same parameters, threads and
 * inputs. A run makes the result of such twins once, as their actions have one key.
 *
 * @param instances in the graph's order, so that each follows what it needs
 * @returns name of a twin → name of the first that does the same
 */
export function twinsOf(instances: readonly Instance[]): ReadonlyMap<string, InstanceName> {
  const firsts = new Map<string, InstanceName>(); // what it does → the first that does it
  const twins = new Map<string, InstanceName>();
  for (const instance of instances) {
    const { name, module, parameters, resources, network, inputs } = instance;
    const origins = Array.from(inputs, ([input, source]) => [input, originOf(source, twins)]);
    const deed = canonicalJson({ module, parameters, threads: resources.cpu, network, origins });
    const first = firsts.get(deed);
    if (first === undefined) firsts.set(deed, name);
    else twins.set(name, first);
  }
  return twins;
}

/** Names where an input comes from, in the same way for what twins make. */
function originOf(source: Source, twins: ReadonlyMap<string, InstanceName>) {
  if (source.kind === "userFiles") return source.file;
  const makers = Object.entries(makerParts(source)).map((
    [variant, maker],
  ) => [variant, twins.get(maker) ?? maker]);
  return { makers, path: source.path };
}
