/** Projects with one stage, and what lies in their stores. */

import assert from "node:assert/strict";
import { makeProject, type Project } from "./synthetic.ts";

/** A project with one stage, whose `run` has this body. */
export function projectWith(body: string): Project {
  return makeProject({
    "stages/one.ts": `
import { z } from "zod";
import { join } from "node:path";
import { defineStage } from "calibrant/pipeline/stage.ts";
import { InputError } from "calibrant/errors.ts";

export default defineStage({
  description: "Does something.",
  parameters: z.strictObject({ ms: z.int().default(0).describe("how long to take") }),
  inputs: { text: { description: "a text file" } },
  outputs: { "text.txt": "the text" },
  async run({ parameters, input, output, checkpoint, log, progress }) {
    const give = () => Deno.writeTextFileSync(join(output, "text.txt"), Deno.readTextFileSync(input("text")));
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    const use = [InputError, checkpoint, log, progress, pause];
    ${body}
  },
});
`,
    "data.txt": "hello\n",
    "secret.txt": "not an input\n",
    "pipeline.yaml": "stages:\n  one:\n    run: stages/one.ts\n    needs: { text: ./data.txt }\n",
  });
}

/** What has a stage wait, in its body, until the test lets it go on. */
export const untilLetGo = "while ([...Deno.readDirSync(checkpoint)].length === 0) await pause(20);";

/** Lets the stages go on that wait now: each looks into its own checkpoint, which nobody else writes to. */
export function letGo(project: Project): void {
  const checkpoints = project.path("artifacts/.store/checkpoints");
  for (const { name } of Deno.readDirSync(checkpoints)) {
    Deno.writeTextFileSync(`${checkpoints}/${name}/go`, "");
  }
}

export function filesBelow(folder: string): readonly string[] {
  try {
    return [...Deno.readDirSync(folder)].flatMap((entry) =>
      entry.isDirectory ? filesBelow(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]
    );
  } catch {
    return [];
  }
}

export const logged = (project: Project) =>
  filesBelow(project.path("artifacts/.store/logs")).map((path) => Deno.readTextFileSync(path)).join("");

/** The blob that an instance's only file is a link to. */
export function blobOf(project: Project, view: string): string {
  const { ino } = Deno.statSync(project.path(view));
  const blob = filesBelow(project.path("artifacts/.store/blobs")).find((path) =>
    Deno.statSync(path).ino === ino
  );
  assert.ok(blob);
  Deno.chmodSync(blob, 0o644);
  return blob;
}
