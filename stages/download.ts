import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { InputError } from "../src/errors.ts";
import { excerpt } from "../src/excerpt.ts";
import { download } from "../src/hub/download.ts";
import { hubOfEnvironment } from "../src/hub/hub.ts";
import { commitOf, listRepository } from "../src/hub/listing.ts";
import { repositoryAt, repositorySchema, titleOf } from "../src/hub/repository.ts";
import { select } from "../src/hub/selection.ts";
import { defineStage } from "../src/pipeline/stage.ts";

const parameters = z.strictObject({
  repository: repositorySchema.describe(
    "The kind and the name of the repository: `model:owner/name` or `dataset:owner/name`.",
  ),
  revision: z.string().min(1).describe(
    "The full hash of a commit. For a branch or a tag, the stage says which commit that is, and stops.",
  ),
  files: z.array(z.string().min(1)).nonempty().optional().describe(
    "The files to take, by name or with `*`, `?` and `**`, each of which has to be there. Without it: of a " +
      "model config.json, the tokenizer's files and *.safetensors; of a data set all that is parquet, CSV, TSV, " +
      "JSON or text.",
  ),
  configuration: z.string().regex(/^\w[\w.-]*(\/\w[\w.-]*)*$/, { error: "a folder of the repository" })
    .optional().describe("The folder of one configuration of a data set, in which the files are looked for."),
});

export default defineStage({
  description: "Brings files of a model or a data set here from the Hugging Face hub, at one commit",
  parameters,
  inputs: {},
  outputs: {
    files: "the files, at their paths in the repository",
    "files.json": "the repository, the commit, and each file's size and SHA-256",
  },
  async run({ parameters, output, checkpoint, log, summary, progress }) {
    const { files: patterns, configuration } = parameters;
    const hub = hubOfEnvironment(log);
    const repository = repositoryAt(parameters.repository, parameters.revision);
    const title = titleOf(repository);
    if (!/^[0-9a-f]{40}$/.test(repository.revision)) {
      const commit = await commitOf(hub, repository);
      throw new InputError({
        found: `the revision ${excerpt(repository.revision)}, which may be another commit tomorrow`,
        expected: "the full hash of a commit, so that the result stays what it is",
        fix: `At the moment it is this one: write \`revision: ${commit}\`.`,
      });
    }
    const listed = await listRepository(hub, repository, configuration);
    const chosen = select(repository, listed, patterns, configuration);

    const megabytes = (bytes: number) => Math.round(bytes / 1e6);
    const total = chosen.reduce((sum, { bytes }) => sum + bytes, 0);
    log(`${chosen.length} files of ${title} (${megabytes(total)} MB) from ${hub.endpoint.host}`);
    let told = -1; // a message for each piece of a file would be many thousands
    const tell = (bytes: number, path: string) => {
      if (megabytes(bytes) !== told) progress(told = megabytes(bytes), megabytes(total), `MB, ${path}`);
    };
    const brought: { path: string; bytes: number; sha256: string }[] = [];
    let finished = 0;
    for (const file of chosen) {
      const onBytes = (bytes: number) => tell(finished + bytes, file.path);
      const sha256 = await download(hub, { repository, file, folder: checkpoint, onBytes });
      brought.push({ path: file.path, bytes: file.bytes, sha256 });
      finished += file.bytes;
    }
    for (const { path } of chosen) {
      const target = join(output, "files", path);
      await mkdir(dirname(target), { recursive: true });
      await rename(join(checkpoint, path), target);
    }
    const { repository: written, revision } = parameters;
    const text = JSON.stringify({ repository: written, revision, files: brought }, null, 2);
    await writeFile(join(output, "files.json"), `${text}\n`);
    summary(`${chosen.length} files of ${title}, ${megabytes(total)} MB, at ${revision.slice(0, 12)}`);
  },
});
