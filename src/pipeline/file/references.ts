/** A pipeline file's texts may refer to values: `${vars.seed}`, `${matrix.variant}`. */

import { InputError, type Location } from "../../errors.ts";
import { suggestion } from "../../nearest.ts";
import type { Path } from "./document.ts";
import type { Locate } from "./validate.ts";

/**
 * Names that may be referred to, by scope: `vars`, `matrix`. References to a `"later"` scope are left as they
 * are.
 */
export type Scopes = Readonly<Record<string, Readonly<Record<string, unknown>> | "later">>;

const reference = /\$\{([^}]*)\}/g;

/**
 * Replaces the references in a value. A text that is nothing but a reference becomes the value referred to,
 * with its type; within a longer text the value is written out.
 *
 * @throws {InputError} for a reference to something that isn't there
 */
export function resolveReferences(value: unknown, scopes: Scopes, locate: Locate, path: Path = []): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => resolveReferences(item, scopes, locate, [...path, index]));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map((
        [key, item],
      ) => [key, resolveReferences(item, scopes, locate, [...path, key])]),
    );
  }
  if (typeof value !== "string" || !value.includes("${")) return value;
  const at = () => locate(path);
  if (/\$\{[^}]*$/.test(value)) {
    throw new InputError({
      at: at(),
      found: "${ without its }",
      expected: "a reference such as ${vars.seed}",
    });
  }
  const [, whole] = value.match(/^\$\{([^}]*)\}$/) ?? [];
  if (whole !== undefined) return lookUp(whole, scopes, at);
  return value.replace(reference, (text, name: string) => {
    const found = lookUp(name, scopes, at);
    if (typeof found !== "object" || found === null) return String(found);
    throw new InputError({
      at: at(),
      found: `${text}, which is a list or a mapping, within a longer text`,
      expected: "a text, a number, true or false",
    });
  });
}

function lookUp(name: string, scopes: Scopes, at: () => Location): unknown {
  const [scope = "", member = "", ...rest] = name.trim().split(".");
  const members = Object.hasOwn(scopes, scope) ? scopes[scope] ?? {} : {};
  if (members === "later") return `\${${name}}`;
  if (rest.length === 0 && Object.hasOwn(members, member)) return members[member];
  const known = Object.entries(scopes).flatMap(([scope, members]) =>
    Object.keys(members === "later" ? {} : members).map((member) => `${scope}.${member}`)
  );
  throw new InputError({
    at: at(),
    found: `unknown reference \${${name}}`,
    expected: "a name from `vars`, or from the stage's `matrix`",
    fix: suggestion(name.trim(), known),
  });
}
