/** Checks a document's values against a zod schema. The first mistake becomes one message with its place. */

import { z } from "zod";
import { InputError, type Location } from "../../errors.ts";
import { suggestion } from "../../nearest.ts";
import type { Path } from "./document.ts";

/** Tells where the value at a path, relative to the checked value, is written. */
export type Locate = (path: Path, part?: "key" | "value") => Location;

/** A mistake in a value, with the place in the value rather than in a file. */
export interface Finding {
  readonly path: Path;
  readonly part: "key" | "value";
  readonly found: string;
  readonly expected: string;
  readonly fix?: string | undefined;
}

/**
 * Returns the value as the schema reads it, with defaults applied.
 *
 * @throws {InputError} for the first mistake in it
 */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  locate: Locate,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw mistakeAt(firstFinding(result.error, value, schema), locate);
}

/** Makes the error that tells of a mistake with its place in the file. */
export function mistakeAt({ path, part, found, expected, fix }: Finding, locate: Locate): InputError {
  return new InputError({ at: locate(path, part), found, expected, fix });
}

/** Puts the first mistake that a schema has found in a value into words. */
export function firstFinding(error: z.ZodError, value: unknown, schema: z.ZodType): Finding {
  const [issue] = error.issues;
  if (!issue) throw error;
  const path = issue.path.map((step) => typeof step === "symbol" ? String(step) : step);
  if (issue.code === "unrecognized_keys") {
    const [key = ""] = issue.keys;
    const known = [...keysAt(schema, path)];
    return {
      path: [...path, key],
      part: "key",
      found: `unknown key "${key}"`,
      expected: `one of the known keys${path.length > 0 ? ` of ${path.join(".")}` : ""}`,
      fix: suggestion(key, known),
    };
  }
  if (issue.code === "invalid_key") {
    return {
      path,
      part: "key",
      found: `the name "${path.at(-1)}"`,
      expected: issue.issues[0]?.message ?? issue.message,
      fix: undefined,
    };
  }
  const name = path.join(".");
  const input = valueAt(value, path);
  const missing = input === undefined;
  return {
    path,
    part: "value",
    found: missing ? `no ${name}` : `${name ? `${name}: ` : ""}${shown(input)}`,
    expected: expectation(issue),
    fix: missing && path.length > 0 ? `Add \`${path.at(-1)}\`.` : undefined,
  };
}

/** Returns the value at a path, or undefined where the path leads nowhere. */
function valueAt(value: unknown, path: Path): unknown {
  return path.reduce(
    (inner, step) => (inner as Readonly<Record<string | number, unknown>> | undefined)?.[step],
    value,
  );
}

/** Says in words what the schema expected there. */
function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return typeNames[issue.expected] ?? issue.expected;
    case "invalid_value":
      return `${issue.values.length > 1 ? "one of " : ""}${issue.values.map(shown).join(", ")}`;
    case "invalid_union": {
      if (issue.discriminator !== undefined) return discriminators(issue.message);
      const wanted = issue.errors.map(([first]) => first?.path.length === 0 ? expectation(first) : undefined);
      const distinct = [...new Set(wanted)];
      return distinct.length > 0 && !distinct.includes(undefined) ? distinct.join(" or ") : issue.message;
    }
    default:
      return issue.message.replace(/^Invalid .*: expected /, "").replace(
        /^Too (small|big): expected \w+ to be /,
        "a value ",
      );
  }
}

/** Lists the alternatives that zod's message quotes, because the issue itself doesn't have them. */
function discriminators(message: string): string {
  const known = [...message.matchAll(/'([^']*)'/g)].map(([, value]) => shown(value));
  return known.length > 0 ? `one of ${known.join(", ")}` : message;
}

const typeNames: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
  null: "nothing",
};

function shown(value: unknown): string {
  if (value === null) return "nothing";
  // JSON has no word for infinities and NaN.
  const text = typeof value === "number" || typeof value === "bigint" ? `${value}` : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** Returns the keys that the schema knows for the mapping at this path. */
function keysAt(schema: unknown, [step, ...rest]: Path): Set<string> {
  if (schema instanceof z.ZodUnion) {
    return new Set(
      schema.options.flatMap((option) => [...keysAt(option, step === undefined ? [] : [step, ...rest])]),
    );
  }
  if (schema instanceof z.ZodObject) {
    if (step === undefined) return new Set(Object.keys(schema.shape));
    return keysAt(schema.shape[step], rest);
  }
  if (schema instanceof z.ZodRecord) return step === undefined ? new Set() : keysAt(schema.valueType, rest);
  if (schema instanceof z.ZodArray) return step === undefined ? new Set() : keysAt(schema.element, rest);
  if (
    schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable || schema instanceof z.ZodReadonly
  ) {
    return keysAt(schema.unwrap(), step === undefined ? [] : [step, ...rest]);
  }
  return new Set();
}
