/** Turns a stage's definition into the plain data that the planner works with. */

import { z } from "zod";
import { expectedJson, outsideJson } from "../file/json_value.ts";
import { firstFinding } from "../file/validate.ts";
import { canonicalJson } from "../store/canonical_json.ts";
import type { Reading, StageDescription } from "./description.ts";
import type { AnyStage } from "./load.ts";

export function describeStage(stage: AnyStage): StageDescription {
  const { description, parameters, inputs, outputs, tolerance, native, warm } = stage;
  const { $schema: _, ...schema } = z.toJSONSchema(parameters, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any", // such as a date, which this stage can still be planned without
  });
  return {
    description,
    parameters: JSON.parse(JSON.stringify(schema)),
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, { description, many = false }]) => [name, { description, many }]),
    ),
    outputs: { ...outputs },
    ...(tolerance === undefined ? {} : { tolerance: JSON.parse(JSON.stringify(tolerance)) }),
    native: native ?? false,
    warm: warm ?? false,
  };
}

/** Reads the parameters that are written for an instance as the stage's schema does. */
export function readParameters(
  { parameters: schema, inputs, work }: AnyStage,
  written: Readonly<Record<string, unknown>>,
): Reading {
  try {
    const result = schema.safeParse(written);
    if (!result.success) {
      const { path, fix, ...finding } = firstFinding(result.error, written, schema);
      return {
        kind: "mistake",
        mistake: { ...finding, path: [...path], ...(fix === undefined ? {} : { fix }) },
      };
    }
    const outside = outsideJson(result.data);
    if (outside) return notJson(outside.path, outside.found);
    const unused = Object.entries(inputs).filter(([, { when }]) => when && !when(result.data));
    return {
      kind: "parameters",
      parameters: JSON.parse(canonicalJson(result.data)),
      unused: unused.map(([name]) => name),
      work: work?.(result.data),
    };
  } catch (error) {
    return failing(error);
  }
}

function notJson(path: readonly (string | number)[], found: string): Reading {
  return {
    kind: "mistake",
    mistake: {
      path: [...path],
      part: "value",
      found: `${found}, which the stage's schema makes of this`,
      expected: expectedJson,
      fix: "Let the schema keep what is written, and convert it in the stage's `run`.",
    },
  };
}

function failing(error: unknown): Reading {
  const isAsync = error instanceof z.core.$ZodAsyncError;
  return {
    kind: "mistake",
    mistake: {
      path: [],
      part: "value",
      found: isAsync
        ? "a schema with an asynchronous check"
        : `a schema that fails (${error instanceof Error ? error.message : error})`,
      expected: "one that says at once whether these parameters are right",
      fix: "Check them in the stage's `run` instead.",
    },
  };
}
