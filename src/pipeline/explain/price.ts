/** Prices say what instances will take, by what earlier runs in the store took. */

import { relative } from "node:path";
import type { Instance } from "../graph/instance.ts";
import { twinsOf } from "../graph/twins.ts";
import { type Plan, readSurroundings } from "../plan/plan.ts";
import type { Work } from "../stage.ts";
import { canonicalJson } from "../store/canonical_json.ts";
import { singlePartOf } from "../store/input_parts.ts";
import type { InstanceName } from "../store/instance_name.ts";
import { type ActionRecord, secondsOf } from "../store/record.ts";
import { instancesWithResults, latestRecord } from "../store/results.ts";
import { forEachPipeline } from "../store/store.ts";

export interface Price {
  readonly seconds: number;
  /** The most memory that its process will hold; unknown where no run was measured. */
  readonly peakBytes?: number;
  /** The size of its outputs; likewise. */
  readonly diskBytes?: number;
  /** How much there is to do, where the stage says so. */
  readonly work?: Work;
  /** The run that was measured; without one, the price is of the speed that the stage calls usual. */
  readonly measured?: { readonly instance: InstanceName; readonly ended: string };
  /** An instance before it that does the same, so that its own result takes no time. */
  readonly sameAs?: InstanceName;
}

/** Name of an instance → its price. Those that nothing is known of have none. */
export type Prices = ReadonlyMap<string, Price>;

/**
 * Prices instances. Of the newest results of all pipeline files' instances, the price is that of the closest
 * one of the same stage: in the same environment if there is one, and with the most parameters, files of the
 * user and threads in common. Where the stage says how much there is to do, time is scaled by that; a run that
 * did far less took its time to start, and tells less than the speed that the stage calls usual.
 */
export function pricesOf(plan: Plan, instances: readonly Instance[]): Prices {
  const measured = Map.groupBy(measuredRecords(plan), ({ module }) => module);
  const { facts } = readSurroundings(plan, instances);
  const twins = twinsOf(plan.instances);
  const makers = new Map<InstanceName, InstanceName>(); // the first of some twins → the one of these that makes the result
  const prices = new Map<string, Price>();
  for (const instance of instances) {
    const maker = makers.getOrInsert(twins.get(instance.name) ?? instance.name, instance.name);
    const price = maker === instance.name ? ownPrice(instance) : priceBeside(maker, prices.get(maker));
    if (price) prices.set(instance.name, price);
  }
  return prices;

  function ownPrice(instance: Instance): Price | undefined {
    const records = measured.get(relative(plan.root, instance.module)) ?? [];
    const here = records.filter(({ preImage: { environment } }) =>
      !instance.description.native ||
      Object.entries(facts).every(([name, fact]) => environment[name] === fact)
    );
    return priceOf(instance, here.length > 0 ? here : records);
  }
}

/** Prices an instance whose result another makes. */
function priceBeside(sameAs: InstanceName, price: Price | undefined): Price | undefined {
  return price && { seconds: 0, ...(price.measured ? { measured: price.measured } : {}), sameAs };
}

const mostRead = 300; // records: each takes about half a millisecond to read

function measuredRecords({ store }: Plan): readonly ActionRecord[] {
  const newest = [store, ...forEachPipeline(store)].flatMap((seen) =>
    instancesWithResults(seen).map((instance) => ({ seen, instance }))
  );
  const records = newest.slice(0, mostRead).flatMap(({ seen, instance }) =>
    latestRecord(seen, instance) ?? []
  );
  return records.filter(({ cost }) => cost !== undefined);
}

/** How many times as much as a measured run an instance may have to do to be priced by it. */
const mostScaling = 20;

function priceOf(instance: Instance, records: readonly ActionRecord[]): Price | undefined {
  const { work, resources } = instance;
  const telling = records.filter(({ cost }) =>
    work?.threadSeconds === undefined || cost?.amount === undefined ||
    cost.amount * mostScaling >= work.amount
  );
  const [closest] = telling.map((record) => ({ record, rank: closeness(instance, record) }))
    .sort((a, b) => b.rank - a.rank || (a.record.ended < b.record.ended ? 1 : -1));
  if (!closest) {
    return work?.threadSeconds === undefined
      ? undefined
      : { seconds: work.threadSeconds / resources.cpu, work };
  }
  const { instance: name, ended, files, cost } = closest.record;
  const share = work && cost?.amount !== undefined ? work.amount / cost.amount : 1;
  return {
    seconds: share * secondsOf(closest.record),
    ...(cost ? { peakBytes: cost.peakBytes } : {}),
    diskBytes: Object.values(files).reduce((sum, { size }) => sum + size, 0),
    ...(work ? { work } : {}),
    measured: { instance: name, ended },
  };
}

/** Counts what an instance would have in common with one that has run. */
function closeness({ parameters, inputs, resources }: Instance, { preImage, inputs: origins }: ActionRecord) {
  const before = Object(preImage.parameters);
  const sameParameters = Object.entries(parameters).filter(([name, value]) =>
    canonicalJson(before[name] ?? null) === canonicalJson(value ?? null)
  );
  const sameFiles = [...inputs].filter(([name, source]) =>
    source.kind === "userFiles" && singlePartOf(origins[name] ?? {})?.from === source.written
  );
  return sameParameters.length + sameFiles.length + (preImage.threads === resources.cpu ? 1 : 0);
}
