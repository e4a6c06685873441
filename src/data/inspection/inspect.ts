/** Finds out all that a source's description needs, and what its rows are like. */

import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../../errors.ts";
import { excerpt } from "../../excerpt.ts";
import type { DuplicateSearch } from "../near_duplicates.ts";
import { fractionsSchema, type Partition, partition } from "../partition.ts";
import type { Source } from "../source.ts";
import {
  type LabelledTextsOptions,
  labelledTextsSchemas,
  readerOf,
  readLabelledTexts,
} from "../sources/kinds.ts";
import { memberOf } from "../sources/json.ts";
import { HeldList } from "../stored_list.ts";
import { columnsIn } from "./columns.ts";
import { type Form, formOf } from "./form.ts";
import { inspectedParts, type SourceFiles } from "./parts.ts";
import { type GivenRoles, type Roles, rolesIn } from "./roles.ts";
import { type FileSurvey, surveyColumns } from "./survey.ts";

/** A source as a pipeline file describes it, without what its schema adds. */
export type SourceDescription = Readonly<Record<string, unknown>> & { readonly kind: Form["kind"] };

/** How a source is to be read. */
export interface DescribedSource extends FileSurvey {
  readonly form: Form;
  readonly roles: Roles;
  readonly description: SourceDescription;
}

/** What was found out about a source. */
export interface Inspection extends DescribedSource {
  readonly source: Source;
  /** The rows as `prepare-data` splits them with its default settings. */
  readonly split: Partition;
}

/** Labels that can only mean that a row has none. */
const noLabels = ["", "-"];

/** Where fewer texts than this share have character references, they may be meant as they are. */
const leastHtml = 0.01;

/**
 * Inspects a source as `prepare-data` reads and splits it.
 *
 * @throws {InputError} as {@link describeSource} does, and where its rows are such as `prepare-data` refuses
 */
export async function inspect(
  files: SourceFiles,
  given: GivenRoles,
  duplicates: DuplicateSearch = {},
): Promise<Inspection> {
  const described = await describeSource(files, given);
  const source = await readLabelledTexts(files.input, parsed(described.description), new HeldList());
  const split = partition(source, { ...defaults, duplicates });
  return { ...described, source, split };
}

/**
 * Finds out how a source is to be read, from its first file with rows to train on.
 *
 * @throws {InputError} where files can't be read or differ in form, or have no columns of texts and labels
 */
export async function describeSource(
  { folder, parts }: SourceFiles,
  given: GivenRoles,
): Promise<DescribedSource> {
  const names = inspectedParts.flatMap((part) => parts[part]);
  const [first] = names;
  const form = await commonForm(folder, names);
  const columns = await columnsIn(folder, first, form);
  const isTable = form.kind === "csv" || form.kind === "tsv";
  const read = readerOf(parsed(describe(form, parts, { text: 0, label: 0 }, false)));
  const survey = await surveyColumns(read(folder, first, columns), columns, isTable);
  if (survey.columns[0]?.rows === 0) {
    const at = { file: join(folder, first) };
    throw new InputError({ at, found: "a header alone", expected: "rows below it" });
  }
  const roles = rolesIn(join(folder, first), survey, given);
  const surveyOf = (role: keyof Roles) => survey.columns.find(({ column }) => column === roles[role]);
  const noLabel = noLabels.filter((label) => surveyOf("label")?.values?.has(label));
  const hasHtml = (surveyOf("text")?.html ?? 0) >= leastHtml;
  const description = {
    ...describe(form, parts, roles, survey.header),
    ...(noLabel.length > 0 && { noLabel }),
    ...(hasHtml && { cleanup: ["unescape-html"] }),
  };
  return { ...survey, form, roles, description };
}

/** The settings by which `prepare-data` splits a source unless told otherwise. */
const defaults = { seed: 1, fractions: fractionsSchema.parse({}), maxRows: {} };

/**
 * Returns the form that all files have.
 *
 * @throws {InputError} where they differ
 */
async function commonForm(folder: string, names: readonly string[]): Promise<Form> {
  const fileOf = (name: string) => /\.json(\.gz)?#/i.test(name) ? memberOf(name)[0] : name;
  const files = [...new Set(names.map((name) => join(folder, fileOf(name))))];
  const forms: Form[] = [];
  for (const file of files) forms.push(await formOf(file));
  const [first] = forms;
  const differs = (form: Form, from: number) => {
    throw new InputError({
      at: { file: files[forms.indexOf(form)] },
      found: describeForm(form),
      expected: `${describeForm(forms[from])}, as ${files[from]} is`,
      fix: "Name files of one form: a source has one.",
    });
  };
  // Files in ASCII alone are read as the others are, be they in UTF-8 or Windows-1252.
  const telling = Math.max(0, forms.findIndex(({ isAscii }) => !isAscii));
  const { encoding } = forms[telling];
  for (const form of forms) {
    if (form.kind !== first.kind || form.delimiter !== first.delimiter) differs(form, 0);
    const isAlike = form.encoding === encoding || (form.isAscii && encoding === "cp1252");
    if (!isAlike) differs(form, telling);
  }
  return { ...first, encoding };
}

/** Says in words how a file is written. */
export function describeForm({ kind, delimiter, encoding }: Form): string {
  const names = {
    csv: delimiter === undefined || delimiter === ","
      ? "CSV"
      : `CSV with ${excerpt(delimiter)} between fields`,
    tsv: "tab-separated",
    jsonl: "JSON Lines",
    json: "JSON",
    parquet: "Parquet",
    lines: "lines that begin with their label",
  };
  return kind === "parquet" ? names[kind] : `${names[kind]} in ${encoding.toUpperCase()}`;
}

/** Describes a source by what differs from the defaults of its schema. */
function describe(
  { kind, encoding, delimiter }: Form,
  parts: SourceFiles["parts"],
  { text, pair, label }: Roles,
  header: boolean,
): SourceDescription {
  const isTable = kind === "csv" || kind === "tsv";
  const files = inspectedParts.filter((part) => parts[part].length > 0).map((part) => [part, parts[part]]);
  return {
    kind,
    ...(encoding !== "utf-8" && { encoding }),
    ...(delimiter !== undefined && delimiter !== "," && { delimiter }),
    ...(isTable && !header && { header }),
    files: Object.fromEntries(files),
    ...(kind !== "lines" && { columns: { text, ...(pair !== undefined && { pair }), label } }),
  };
}

function parsed(description: SourceDescription): LabelledTextsOptions {
  return z.discriminatedUnion("kind", labelledTextsSchemas).parse(description);
}
