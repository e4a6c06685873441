/** Holds all rows of a source, or of its splits, in memory, as tests look at them. */

import { join } from "node:path";
import type { DroppedRow } from "../../src/data/dropped.ts";
import { type Partition, partition, type PartitionOptions } from "../../src/data/partition.ts";
import type { Row } from "../../src/data/rows.ts";
import type { Source } from "../../src/data/source.ts";
import type { ReadRow } from "../../src/data/sources/row_reader.ts";
import { forEachSplit, type Splits } from "../../src/data/splits.ts";
import { StoredList } from "../../src/data/stored_list.ts";
import { inFolder } from "../in_folder.ts";

/** A source whose rows are arrays. */
export interface HeldSource extends Source {
  readonly rows: readonly Row[];
  readonly dev?: readonly Row[];
  readonly given?: Readonly<Record<"dev1" | "dev2", readonly Row[]>> & { readonly tune?: readonly Row[] };
  readonly test?: readonly Row[];
}

/** Reads a source with a store for its rows, which is gone afterwards. */
export async function held(read: (store: StoredList<ReadRow>) => Promise<Source>): Promise<HeldSource> {
  let source: HeldSource | undefined;
  await inFolder(async (folder) => {
    using store = new StoredList<ReadRow>(join(folder, "rows.jsonl"));
    const { rows, dev, given, test, ...others } = await read(store);
    source = {
      ...others,
      rows: [...rows],
      ...(dev && { dev: [...dev] }),
      ...(given && {
        given: {
          ...(given.tune && { tune: [...given.tune] }),
          dev1: [...given.dev1],
          dev2: [...given.dev2],
        },
      }),
      ...(test && { test: [...test] }),
    };
  });
  return source!;
}

/** The splits of a source as arrays. */
export interface HeldPartition extends Partition {
  readonly splits: Splits;
  readonly test?: readonly Row[];
  readonly dropped: readonly DroppedRow[];
}

/** Splits a source, and holds the splits. */
export function heldPartition(source: Source, options: PartitionOptions): HeldPartition {
  const { splits, test, dropped, ...others } = partition(source, options);
  return {
    ...others,
    splits: forEachSplit((name) => [...splits[name]]),
    ...(test && { test: [...test] }),
    dropped: [...dropped],
  };
}
