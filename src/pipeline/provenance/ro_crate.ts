/**
 * Actions are written as a Process Run Crate, the profile of Workflow Run RO-Crate that describes each run of
 * a tool.
 *
 * @see https://w3id.org/ro/wfrun/process/0.5
 */

import type { ActionKey, Digest } from "../store/digest.ts";
import type { ActionRecord } from "../store/record.ts";
import type { Store } from "../store/store.ts";
import { type InputFile, inputFiles } from "./inputs.ts";

interface Reference {
  readonly "@id": string;
}

type Entity = Reference & {
  readonly "@type": string | readonly string[];
  readonly [property: string]: unknown;
};

export interface Crate {
  /** The content of `ro-crate-metadata.json`. */
  readonly metadata: { readonly "@context": unknown; readonly "@graph": readonly Entity[] };
  /** Path of a file in the crate → the digest of its content. */
  readonly files: ReadonlyMap<string, Digest>;
}

const profile = "https://w3id.org/ro/wfrun/process/0.5";
const crateVersion = "https://w3id.org/ro/crate/1.1";

/**
 * Makes a crate with the results of these actions. The files of the user that they read are named with their
 * digests, but aren't in the crate.
 *
 * @param records at least one
 */
export function crateOf(store: Store, records: readonly ActionRecord[]): Crate {
  const folders = foldersOf(records);
  const files = new Map(
    records.flatMap(({ key, files }) =>
      Object.entries(files).map(([path, { digest }]) => [`${folders.get(key)}/${path}`, digest] as const)
    ),
  );
  const results = records.flatMap((record) => resultEntities(record, folders.get(record.key)));
  const actions = records.map((record) => {
    const inputs = inputFiles(store, record).map((file) => inputEntity(file, folders));
    return { action: actionEntity(record, inputs, folders.get(record.key)), inputs };
  });
  const context = [
    ...records.flatMap((record) => [toolEntity(record), ...parameterEntities(record)]),
    ...actions.flatMap(({ action, inputs }) => [action, ...inputs]),
  ];
  const root = {
    "@id": "./",
    "@type": "Dataset",
    name: "Results of a Calibrant pipeline",
    description: "What each stage made, with its code, parameters and inputs.",
    datePublished: records.map(({ ended }) => ended).sort().at(-1),
    license: { "@id": unstated["@id"] },
    conformsTo: { "@id": profile },
    hasPart: results.map(reference),
    mentions: actions.map(({ action }) => reference(action)),
  };
  // Results come after inputs, so that an input which is in the crate is described as the result that it is.
  const entities = [...fixed, root, ...context, ...results];
  return {
    files,
    metadata: {
      "@context": [`${crateVersion}/context`, { sha256: "https://w3id.org/ro/terms/workflow-run#sha256" }],
      "@graph": [...new Map(entities.map((entity) => [entity["@id"], entity])).values()],
    },
  };
}

const unstated: Entity = {
  "@id": "#license",
  "@type": "CreativeWork",
  name: "No license stated",
  description:
    "State the license of these results before publishing them: it depends on the data they come from.",
};

const fixed: readonly Entity[] = [
  {
    "@id": "ro-crate-metadata.json",
    "@type": "CreativeWork",
    conformsTo: { "@id": crateVersion },
    about: { "@id": "./" },
  },
  { "@id": profile, "@type": "CreativeWork", name: "Process Run Crate", version: "0.5" },
  unstated,
];

/**
 * Returns each action's folder in the crate. It is the same as below `artifacts/`; older results of an
 * instance lie beside the first.
 */
function foldersOf(records: readonly ActionRecord[]): ReadonlyMap<ActionKey, string> {
  const taken = new Set<string>();
  return new Map(records.map(({ key, instance }) => {
    const folder = instance.replace("@", "/") + (taken.has(instance) ? `~${key.slice(0, 8)}` : "");
    taken.add(instance);
    return [key, folder];
  }));
}

function resultEntities({ files }: ActionRecord, folder = ""): readonly Entity[] {
  return Object.entries(files).map(([path, { digest, size }]) => ({
    "@id": encodeURI(`${folder}/${path}`),
    "@type": "File",
    name: `${folder}/${path}`,
    contentSize: String(size),
    sha256: digest,
  }));
}

function inputEntity({ name, digest, made }: InputFile, folders: ReadonlyMap<ActionKey, string>): Entity {
  const folder = made && folders.get(made.by);
  const id = folder === undefined ? `#${name}@${digest}` : `${folder}/${made?.path}`;
  return { "@id": encodeURI(id), "@type": "CreativeWork", name, sha256: digest };
}

function toolEntity({ module, preImage }: ActionRecord): Entity {
  return {
    "@id": encodeURI(`#${module}@${preImage.code}`),
    "@type": "SoftwareSourceCode",
    name: module,
    version: preImage.code,
    programmingLanguage: "TypeScript",
  };
}

/** Describes the action's parameters and the facts of its environment. */
function parameterEntities({ key, preImage }: ActionRecord): readonly Entity[] {
  const { parameters, environment } = preImage;
  return Object.entries({ ...Object(parameters), ...environment }).map(([name, value]) => ({
    "@id": encodeURI(`#${key}/${name}`),
    "@type": "PropertyValue",
    name,
    value: typeof value === "object" ? JSON.stringify(value) : value,
  }));
}

function actionEntity(record: ActionRecord, inputs: readonly Entity[], folder: string | undefined): Entity {
  return {
    "@id": `#${record.key}`,
    "@type": "CreateAction",
    name: record.instance,
    description: `The run of ${record.module} that made ${record.instance}.`,
    instrument: reference(toolEntity(record)),
    object: [...inputs, ...parameterEntities(record)].map(reference),
    result: resultEntities(record, folder).map(reference),
    startTime: withOffset(record.started),
    endTime: withOffset(record.ended),
    actionStatus: "http://schema.org/CompletedActionStatus",
  };
}

function reference({ "@id": id }: Entity): Reference {
  return { "@id": id };
}

/** Writes a time with an offset, since the profile's checks don't take the letter Z. */
function withOffset(time: string): string {
  return time.replace(/Z$/, "+00:00");
}
