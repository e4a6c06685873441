/** Names the results of an audit, so that each can be spoken of on a page. */

import type { Audit, AuditedAction } from "../../pipeline/explain/audit.ts";
import { namedParts } from "../../pipeline/store/input_parts.ts";
import type { InstanceName } from "../../pipeline/store/instance_name.ts";
import { instanceIn } from "../../pipeline/store/lineage.ts";
import type { InputOrigin } from "../../pipeline/store/record.ts";
import { instancesWithResults, latestKey } from "../../pipeline/store/results.ts";
import type { Store } from "../../pipeline/store/store.ts";
import { short } from "../terminal/text.ts";

/** A result with its name, and where its inputs came from. */
export interface NamedResult extends AuditedAction {
  /** The instance's name; behind an older result's stands the beginning of its key: `finetune@scalar:0123456789ab`. */
  readonly name: string;
  readonly instance: InstanceName;
  /** Whether it is its instance's newest result. */
  readonly isNewest: boolean;
  readonly inputs: readonly NamedInput[];
}

export interface NamedInput {
  /** The input's name, with the variant where it takes several. */
  readonly name: string;
  readonly origin: InputOrigin;
  /** The name of the result that it is; undefined for a file of the user, and where that isn't known any more. */
  readonly result: string | undefined;
}

/**
 * Names the results of an audit, each after those that it came from. Instances that share a result, since they
 * do the same, have one each.
 */
export function namedResults(store: Store, { actions }: Audit): readonly NamedResult[] {
  const instancesOf = Map.groupBy(instancesWithResults(store), (instance) => latestKey(store, instance));
  const named = actions.toReversed().flatMap((action) => {
    const { key, instance } = action.record;
    const newest = instancesOf.get(key);
    return newest
      ? newest.map((instance) => ({ ...action, name: instance, instance, isNewest: true }))
      : [{ ...action, name: `${instance}:${short(key)}`, instance, isNewest: false }];
  });
  const namesOf = Map.groupBy(named, ({ record }) => record.key);
  const resultOf = ({ action, from }: InputOrigin) => {
    const makers = action === undefined ? [] : namesOf.get(action) ?? [];
    return (makers.find(({ instance }) => instance === instanceIn(from)) ?? makers[0])?.name;
  };
  return named.map((one) => ({
    ...one,
    inputs: namedParts(one.record.inputs).map(({ name, part }) => ({
      name,
      origin: part,
      result: resultOf(part),
    })),
  }));
}
