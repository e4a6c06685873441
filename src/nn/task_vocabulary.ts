import type { Weight, Weights } from "../graph/weights.ts";
import { wordEmbeddings } from "./bert.ts";
import { type Checkpoint, checkRows } from "./checkpoint.ts";
import type { Sequence } from "./sequence.ts";

/**
 * The pieces that a task's texts consist of. The table of word embeddings is trained for these alone: the
 * other rows, most of a pretrained table, would get no gradient and only decay.
 */
export interface TaskVocabulary {
  /** The full vocabulary's id of each piece, ascending. */
  readonly ids: Int32Array;
  /**
   * Replaces the full vocabulary's ids of a text by the task's. Throws where the text holds a piece that the
   * task doesn't have.
   */
  translate<Text extends Sequence>(text: Text): Text;
  /**
   * Returns the checkpoint with the rows of these pieces only. Throws InputError where it has no row for one.
   */
  restrict(checkpoint: Checkpoint): Checkpoint;
  /**
   * Returns trained weights with the full table again. Rows that weren't trained are the checkpoint's,
   * multiplied by `decay`.
   */
  extend(checkpoint: Checkpoint, trained: Weights, decay: number): Map<string, Weight>;
}

const table = `${wordEmbeddings}.weight`;

/** Collects the vocabulary of these texts, which have the full vocabulary's ids. */
export function taskVocabulary(texts: Iterable<Sequence>): TaskVocabulary {
  const seen = new Set<number>();
  for (const { ids } of texts) for (let index = 0; index < ids.length; index++) seen.add(ids[index]);
  const ids = Int32Array.from(seen).sort();
  const position = new Map(Array.from(ids, (id, index) => [id, index]));
  return {
    ids,
    translate: (text) => ({ ...text, ids: Int32Array.from(text.ids, (id) => found(position, id)) }),
    restrict(checkpoint) {
      const weights = new Map(checkpoint.weights);
      const full = weights.get(table);
      if (full) {
        checkRows(checkpoint, full, ids);
        weights.set(table, selectRows(full, ids));
      }
      return { ...checkpoint, weights };
    },
    extend(checkpoint, trained, decay) {
      const [full, rows] = [checkpoint.weights.get(table)!, trained.get(table)!];
      const [, width] = full.shape;
      const data = full.data.map((value) => value * decay);
      for (const [row, id] of ids.entries()) {
        data.set(rows.data.subarray(row * width, (row + 1) * width), id * width);
      }
      return new Map([...trained, [table, { shape: full.shape, data }]]);
    },
  };
}

function found(position: ReadonlyMap<number, number>, id: number): number {
  const index = position.get(id);
  if (index === undefined) throw new Error(`piece ${id} is not in the task's vocabulary`);
  return index;
}

function selectRows({ shape: [, width], data }: Weight, rows: Int32Array): Weight {
  const selected = new Float32Array(rows.length * width);
  for (const [index, row] of rows.entries()) {
    selected.set(data.subarray(row * width, (row + 1) * width), index * width);
  }
  return { shape: [rows.length, width], data: selected };
}
