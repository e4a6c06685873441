import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../../errors.ts";
import type { Source } from "../source.ts";
import type { GrowingList } from "../stored_list.ts";
import { type GlueTask, type GlueTaskName, glueTasks, type Layout } from "./glue_tasks.ts";
import { commonFields, type SourceOptions } from "./options.ts";
import { parquetRecords } from "./parquet.ts";
import { readSource } from "./read_source.ts";
import type { ReadRow } from "./row_reader.ts";
import { tsvReader } from "./tsv.ts";

/** The schema of a task of GLUE. */
export const glueSchema = z.strictObject({
  kind: z.literal("glue"),
  task: z.enum(Object.keys(glueTasks) as [GlueTaskName, ...GlueTaskName[]]),
  files: commonFields.files.optional().describe(
    "Other files than the usual ones, in the same form. Without `dev`, all splits are taken from `train`.",
  ),
}).describe(
  "A task of GLUE: its official files or those of nyu-mll/glue, in the source's folder or in the task's own below " +
    "it. The first half of the dev files' rows is dev1 and the rest dev2; tune comes from the rows to train on. " +
    "MNLI's mismatched dev set is the split test.",
);

type GlueOptions = z.output<typeof glueSchema>;

/**
 * Reads a task of GLUE, and divides its dev set as He et al. do: the first half fits calibrators, the second is
 * reported. An odd row is in the second half.
 *
 * @param store an empty list, which the rows are kept in for as long as they are used
 * @throws {InputError} where there are no such files, or they are in another form
 */
export async function readGlue(
  folder: string,
  { task: name, files }: GlueOptions,
  store: GrowingList<ReadRow>,
): Promise<Source> {
  const task: GlueTask = glueTasks[name];
  const layout = files ? undefined : findLayout(folder, name, task);
  const given = files ?? { ...noFiles, ...layout!.files };
  const { classes = task.names } = task;
  const isParquet = given.train[0].endsWith(".parquet");
  const options: SourceOptions = {
    files: given,
    classes,
    noLabel: task.noLabel ?? [],
    cleanup: task.cleanup ?? [],
    columns: isParquet ? task.columns : task.official ?? task.columns,
    spellings: new Map(task.names.map((name, number) => [`${number}`, name])),
    ...(task.skipsTextless && { skipsTextless: true }),
  };
  const tsv = { header: task.hasHeader ?? true, encoding: "utf-8" };
  const source = await readSource(
    folder,
    options,
    isParquet ? parquetRecords : tsvReader(tsv, task.skipsTextless),
    store,
  );
  return {
    ...halved(source),
    metric: task.metric,
    notes: [readFiles(name, given), ...sizeWarnings(name, source, layout?.rows ?? task.layouts[0].rows)],
  };
}

const noFiles = { dev: [], tune: [], dev1: [], dev2: [], test: [] };

/** A layout with the paths that its files have in a folder. */
interface FoundLayout {
  readonly files: { train: string[]; dev?: string[]; test?: string[] };
  readonly rows: Layout["rows"];
}

/** Finds the files of a task, in a folder or in the task's own within it. */
function findLayout(
  folder: string,
  name: GlueTaskName,
  { folder: official, layouts }: GlueTask,
): FoundLayout {
  for (const { files, rows } of layouts) {
    for (const place of ["", official, name]) {
      const within = (names: readonly string[]) => names.map((name) => join(place, name));
      const paths = Object.entries(files).map(([part, names]) => [part, within(names)] as const);
      if (paths.every(([, names]) => names.every((path) => existsSync(join(folder, path))))) {
        return { files: Object.fromEntries(paths) as FoundLayout["files"], rows };
      }
    }
  }
  const sets = layouts.map(({ files }) => Object.values(files).flat().join(", "));
  throw new InputError({
    at: { file: folder },
    found: `none of the sets of files that GLUE's ${name} comes in`,
    expected: `all of ${sets.join("; or all of ")}; here or in ${official} or ${name}`,
    fix: "If the files have other names, list them under `files`.",
  });
}

/** Halves the dev rows, in the order of the files. */
function halved({ dev, ...source }: Source): Source {
  if (!dev) return source;
  const half = Math.floor(dev.length / 2);
  return { ...source, given: { dev1: dev.slice(0, half), dev2: dev.slice(half) } };
}

function readFiles(name: GlueTaskName, { train, dev, test }: SourceOptions["files"]): string {
  const halves = dev.length > 0 ? `; ${dev.join(" and ")} in halves as dev1 and dev2` : "";
  return `GLUE's ${name} from ${train.join(" and ")}${halves}${
    test.length > 0 ? `; ${test.join(" and ")} as test` : ""
  }`;
}

/** Other numbers of rows may be right, since data is divided anew now and then, but nobody should overlook them. */
function sizeWarnings(
  name: GlueTaskName,
  { rows: train, dev, test }: Source,
  published: Layout["rows"],
): string[] {
  const found = { train, dev, test };
  return (["train", "dev", "test"] as const).flatMap((part) => {
    const [count, known] = [found[part]?.length, published[part]];
    if (count === undefined || known === undefined || count === known) return [];
    return [`warning: ${count} rows for ${part}, where ${name} as published has ${known}`];
  });
}
