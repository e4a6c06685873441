/** `--set stage.parameter=value` lays values from the command line over the pipeline file. */

import { parseDocument, visit } from "yaml";
import { InputError, type Location } from "../../errors.ts";
import { suggestion } from "../../nearest.ts";
import { type Path, requireExactIntegers, requireJsonTypes, type SourceDocument } from "./document.ts";
import { structuralFault } from "./structure.ts";

const mostNames = 100; // that lead to a value, each within the one before

interface Override {
  readonly text: string;
  readonly path: Path;
  readonly value: unknown;
}

/**
 * Puts each setting into the document: `finetune.steps=600` sets a parameter of a stage, `vars.seed=7` a
 * variable; values are YAML. A mistake in such a value is reported as being in the setting.
 *
 * @throws {InputError} where a setting isn't `name.name=value`
 */
export function applyOverrides(document: SourceDocument, settings: readonly string[]): SourceDocument {
  const overrides = settings.map(parseOverride);
  for (const override of overrides) requireKnown(document, override);
  const value = overrides.reduce(
    (value, { path, value: set }) => withValue(value, path, set),
    document.value,
  );
  return {
    ...document,
    value,
    locate(path, part) {
      const override = overrides.findLast((override) => override.path.every((step, i) => path[i] === step));
      return override ? { file: nameOf(override.text) } : document.locate(path, part);
    },
  };
}

function parseOverride(text: string): Override {
  const at = { file: nameOf(text) };
  const [, names, source] = text.match(/^([^=.]+(?:\.[^=.]+)+)=(.*)$/s) ?? [];
  const parsed = source === undefined ? undefined : plainValue(source, at);
  if (names && names.split(".").length > mostNames) {
    throw new InputError({ at, found: "a path of too many names", expected: `at most ${mostNames}` });
  }
  if (!names || !parsed) {
    const isResource = text.startsWith(ofResources);
    throw new InputError({
      at,
      found: names ? "a value that isn't valid YAML, or has an alias" : "no assignment",
      expected: isResource ? "NAME=AMOUNT" : "STAGE.PARAMETER=VALUE or vars.NAME=VALUE",
      fix: `For example: ${isResource ? "--resource cpu=4" : "--set finetune.steps=600"}`,
    });
  }
  const [first = names, ...rest] = names.split(".");
  const path = first === "vars" || first === "resources"
    ? [first, ...rest]
    : ["stages", first, "params", ...rest];
  // The names of the path are checked as well.
  requireJsonTypes(withValue({}, path, parsed.value), () => at);
  return { text, path, value: parsed.value };
}

/** Returns a setting as messages name it, cut where it is long. */
function nameOf(text: string): string {
  const short = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return text.startsWith(ofResources) ? `--resource ${short.slice(ofResources.length)}` : `--set ${short}`;
}

/** What `--resource` puts before an assignment. */
const ofResources = "resources.";

function plainValue(source: string, at: Location): { readonly value: unknown } | undefined {
  const document = parseDocument(source, { prettyErrors: false, uniqueKeys: false });
  let hasAlias = false;
  visit(document, {
    Alias() {
      hasAlias = true;
    },
  });
  const isWrong = document.errors.length > 0 || document.warnings.length > 0 || hasAlias ||
    structuralFault(document) !== undefined;
  if (isWrong) return undefined;
  requireExactIntegers(document, () => at);
  return { value: document.toJS() };
}

/**
 * Checks that the stage or variable is one of the file's, since a misspelt one would otherwise become a new
 * one.
 */
function requireKnown({ value }: SourceDocument, { text, path: [section, name] }: Override): void {
  const known = Object.keys(membersOf(membersOf(value)[String(section)]));
  if (section === "resources" || known.includes(String(name))) return;
  throw new InputError({
    at: { file: nameOf(text) },
    found: `unknown ${section === "vars" ? "variable" : "stage"} "${name}"`,
    expected: "one that the pipeline file has",
    fix: suggestion(String(name), known),
  });
}

function withValue(target: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  const members = membersOf(target);
  const inner = Object.hasOwn(members, step) ? members[step] : undefined;
  return { ...members, [step]: withValue(inner, rest, value) };
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
