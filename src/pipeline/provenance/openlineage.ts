/**
 * Actions are written as OpenLineage run events.
 *
 * @see https://openlineage.io/spec/2-0-2/OpenLineage.json
 */

import { digestOf } from "../store/digest.ts";
import type { ActionRecord } from "../store/record.ts";
import type { Store } from "../store/store.ts";
import { inputFiles, outputName } from "./inputs.ts";
import { builder, invocationOf } from "./statement.ts";

const schemas = "https://openlineage.io/spec";
const namespace = "calibrant";

interface Dataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets: { readonly version: Facet & { readonly datasetVersion: string } };
}

interface Facet {
  readonly _producer: string;
  readonly _schemaURL: string;
}

export interface RunEvent {
  readonly eventType: "START" | "COMPLETE";
  readonly eventTime: string;
  readonly run: { readonly runId: string };
  readonly job: { readonly namespace: string; readonly name: string };
  readonly inputs: readonly Dataset[];
  readonly outputs: readonly Dataset[];
  readonly producer: string;
  readonly schemaURL: string;
}

/**
 * Writes the events of an action's start and end. Files are datasets, and their digests are the datasets'
 * versions.
 */
export function runEventsOf(store: Store, record: ActionRecord): readonly RunEvent[] {
  const event = {
    run: { runId: uuidOf(invocationOf(record)) },
    job: { namespace, name: record.instance },
    producer: builder,
    schemaURL: `${schemas}/2-0-2/OpenLineage.json#/$defs/RunEvent`,
  };
  const inputs = unique(inputFiles(store, record).map(({ name, digest }) => dataset(name, digest)));
  const outputs = Object.entries(record.files).map(([path, { digest }]) =>
    dataset(outputName(record.instance, path), digest)
  );
  return [
    { eventType: "START", eventTime: record.started, ...event, inputs, outputs: [] },
    { eventType: "COMPLETE", eventTime: record.ended, ...event, inputs, outputs },
  ];
}

function dataset(name: string, digest: string): Dataset {
  const facet = {
    _producer: builder,
    _schemaURL: `${schemas}/facets/1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet`,
  };
  return { namespace, name, facets: { version: { ...facet, datasetVersion: `sha256:${digest}` } } };
}

/** Leaves each dataset once, since two inputs may hold the same file. */
function unique(datasets: readonly Dataset[]): readonly Dataset[] {
  return [...new Map(datasets.map((dataset) => [dataset.name, dataset])).values()];
}

/** Makes a UUID of version 8 from a text's digest. */
function uuidOf(text: string): string {
  const hex = digestOf(text);
  const variant = (8 + parseInt(hex.slice(16, 17), 16) % 4).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ]
    .join("-");
}
