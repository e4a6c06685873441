import type { Location } from "../../errors.ts";
import { badRow, type FoundRow, type Labels, show } from "./row.ts";

/** The header's names, and the columns that hold the classes' numbers. */
interface Columns {
  readonly names: readonly string[];
  readonly form: "logits" | "probs";
  /** The column of each class. */
  readonly classes: readonly number[];
}

/**
 * Reads the header of a CSV file of predictions: `label,logit_0,logit_1` or `label,prob_0,prob_1`, in any
 * order, and `id`, `energy` and `votes` where there are some. Other columns are ignored.
 *
 * @returns a function that reads one of the rows below the header
 * @throws {InputError} where a column is missing or there are two of a name.
 */
export function csvRows(
  header: string,
  labels: Labels,
  at: Location,
): (line: string, at: Location) => FoundRow {
  const columns = findColumns(fieldsOf(header, at).map((name) => name.trim()), at);
  const { names, form, classes } = columns;
  const [id, label, energy, votes] = ["id", "label", "energy", "votes"].map((name) => names.indexOf(name));
  if (labels === "labelled" && label < 0) {
    throw badRow(at, `no column "label" in ${show(header)}`, "the true class of each row");
  }
  return (line, at) => {
    const fields = fieldsOf(line, at);
    if (fields.length !== names.length) {
      throw badRow(at, `${fields.length} fields`, `${names.length}, as in the header`);
    }
    const number = (column: number) => column < 0 ? undefined : numberOf(fields[column]);
    return {
      // Copied, because a part of a text keeps the whole text in memory.
      id: id < 0 ? undefined : JSON.parse(JSON.stringify(fields[id])),
      label: number(label),
      [form]: classes.map((column) => numberOf(fields[column])),
      energy: number(energy),
      votes: number(votes),
    };
  };
}

function findColumns(names: readonly string[], at: Location): Columns {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw badRow(at, `two columns ${show(twice)}`, "names that differ");
  const [logits, probs] = ["logit", "prob"].map((prefix) => classColumns(names, prefix, at));
  if ((logits.length > 0) === (probs.length > 0)) {
    const found = logits.length > 0
      ? "columns of logits and of probabilities"
      : "no column logit_0 or prob_0";
    throw badRow(at, found, "logits, or probabilities");
  }
  const form = logits.length > 0 ? "logits" : "probs";
  return { names, form, classes: form === "logits" ? logits : probs };
}

/** Finds the columns of classes 0, 1, … */
function classColumns(names: readonly string[], prefix: string, at: Location): readonly number[] {
  const count = names.filter((name) => new RegExp(`^${prefix}_\\d+$`).test(name)).length;
  return Array.from({ length: count }, (_, c) => {
    const column = names.indexOf(`${prefix}_${c}`);
    if (column < 0) throw badRow(at, `no column ${prefix}_${c}`, `one for each of ${count} classes, from 0`);
    return column;
  });
}

/** Reads a number; a field that is none gives NaN, which every check refuses. */
function numberOf(field: string): number {
  return field.trim() === "" ? NaN : Number(field);
}

/**
 * Splits a line into its fields. A quoted one may hold commas and doubled quotes (RFC 4180), but no line's
 * end.
 */
function fieldsOf(line: string, at: Location): readonly string[] {
  if (!line.includes('"')) return line.split(",");
  const fields: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (let more = true; more;) {
    const found = field.exec(line);
    if (!found) {
      throw badRow(at, `quotes that don't match in ${show(line)}`, '"quoted ""fields""", on one line');
    }
    fields.push(found[1]?.replaceAll('""', '"') ?? found[2]);
    more = found[3] === ",";
  }
  return fields;
}
