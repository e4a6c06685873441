/** Stores as an adversary would write them: records that lie and still agree with themselves. */

import { canonicalJson } from "../../src/pipeline/store/canonical_json.ts";
import { digestOf } from "../../src/pipeline/store/digest.ts";
import type { Project } from "./synthetic.ts";

/** Returns the path, within the project, of the record of an instance's newest result. */
export function recordOf(project: Project, instance: string): string {
  return `artifacts/.store/actions/${project.read(`artifacts/.store/latest/${instance}`).trim()}.json`;
}

/** Makes a record name other files, by their texts, and whatever else is given. */
export function forge(
  project: Project,
  record: string,
  texts: Readonly<Record<string, string>>,
  more: object = {},
): void {
  const files = Object.fromEntries(
    Object.entries(texts).map(([name, text]) => {
      const digest = digestOf(text);
      Deno.mkdirSync(project.path(`artifacts/.store/blobs/${digest.slice(0, 2)}`), { recursive: true });
      const blob = project.path(`artifacts/.store/blobs/${digest.slice(0, 2)}/${digest}`);
      Deno.writeTextFileSync(blob, text);
      return [name, { digest, size: new TextEncoder().encode(text).length }];
    }),
  );
  const forged = {
    ...JSON.parse(project.read(record)),
    files,
    tree: digestOf(canonicalJson(files)),
    ...more,
  };
  project.write({ [record]: JSON.stringify(forged) });
}
