/** What the store tells a model card of a classifier: its data, and where it came from. */

import { basename } from "node:path";
import type { CardFacts } from "../../export/card_facts.ts";
import { readText } from "../../pipeline/store/blobs.ts";
import { namedParts, singlePartOf } from "../../pipeline/store/input_parts.ts";
import { inputFolder } from "../../pipeline/store/lineage.ts";
import { defaultFile } from "../../pipeline/store/pipeline_place.ts";
import type { ActionRecord, InputOrigin } from "../../pipeline/store/record.ts";
import { readRecord } from "../../pipeline/store/results.ts";
import type { Store } from "../../pipeline/store/store.ts";
import { fileIn } from "../../pipeline/store/tree.ts";
import { commitsOf } from "../program/commits.ts";

/** Returns what a classifier was trained on; undefined where the store doesn't tell any more. */
export function dataOf(store: Store, { inputs }: ActionRecord): CardFacts["data"] {
  const origin = inputs.data && singlePartOf(inputs.data);
  const folder = origin && inputFolder(store, origin);
  const description = folder && fileIn(folder, "dataset.json");
  const text = description && readText(store, description.digest);
  if (!origin || text === undefined) return undefined;
  // finetune has read this very text, and would have refused anything else.
  return { dataset: JSON.parse(text), sources: sourcesOf(store, origin).map(({ from }) => basename(from)) };
}

/** Returns what a model card says of where a classifier came from. */
export async function provenanceOf(
  store: Store,
  record: ActionRecord,
  name: string,
): Promise<CardFacts["provenance"]> {
  const { file } = store.pipeline;
  const { key, preImage, inputs, ended } = record;
  const commit = (await commitsOf(store.project, [record])).get(record);
  const named = ({ from, digest }: InputOrigin) => `${basename(from)}, SHA-256 ${digest}`;
  const [data, checkpoint] = [inputs.data, inputs.checkpoint].map((parts) => parts && singlePartOf(parts));
  return {
    "Action key": key,
    "Made": `${ended.slice(0, 10)} by ${record.module}, code ${preImage.code}`,
    "Commit": commit ?? "none is known that holds the code that made it",
    "Command": `deno task pipeline ${file === defaultFile ? "" : `--file ${file} `}run ${name}`,
    ...(checkpoint ? { "Pretrained model": named(checkpoint) } : {}),
    ...(data ? { "Data": sourcesOf(store, data).map(named).join("; ") } : {}),
    "Environment": environmentText(preImage),
  };
}

/** Lists the facts of an environment, but for the digests of libraries. */
function environmentText({ environment }: ActionRecord["preImage"]): string {
  const facts = Object.entries(environment).filter(([, value]) => !/^[0-9a-f]{64}$/.test(value));
  return facts.map(([name, value]) => `${name} ${value}`).join(", ");
}

/** Returns the files or folders that prepared data were made of, or the data's own where that isn't known. */
function sourcesOf(store: Store, origin: InputOrigin): readonly InputOrigin[] {
  const maker = origin.action && readRecord(store, origin.action);
  return maker ? namedParts(maker.inputs).map(({ part }) => part) : [origin];
}
