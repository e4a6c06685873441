/**
 * An instance's name joins its stage and its variant: `finetune@scalar`, or `report` where the stage has no
 * matrix. Names become paths, so each that comes from a file is checked here before it is used.
 */

import { z } from "zod";

declare const instanceNameBrand: unique symbol;

/** The name of an instance, which was checked to be one. */
export type InstanceName = string & { readonly [instanceNameBrand]: true };

const separator = "@"; // which neither a stage's nor a variant's name holds

export const stageNamePattern = /^[a-z][a-z0-9-]*$/;

/** What a matrix's value has to be to name a folder. */
export const variantPartPattern = /^\w[\w.-]*$/;

/** Names that no stage can have → what `artifacts/` holds under them. */
export const reservedNames: Readonly<Record<string, string>> = {
  setup: "what set-up installs",
  profile: "profiles",
};

const mostCharacters = 200; // of the 255 that a file's name may have, since logs add to an instance's name

/** What a process that was killed while it wrote leaves beside a file, whose name it goes on from. */
const leftover = /\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Returns the name of the instance of a stage that has this variant; undefined stands for a stage without a
 * matrix.
 */
export function instanceName(stage: string, variant: string | undefined): InstanceName {
  return (variant === undefined ? stage : `${stage}${separator}${variant}`) as InstanceName;
}

/** Checks a text that should be the name of an instance. Returns undefined where it can't be one. */
export function parseInstanceName(text: string): InstanceName | undefined {
  const [stage = "", variant, ...rest] = text.split(separator);
  const isName = text.length <= mostCharacters && !leftover.test(text) && rest.length === 0 &&
    stageNamePattern.test(stage) && !Object.hasOwn(reservedNames, stage) &&
    (variant === undefined || variant.split(",").every((part) => variantPartPattern.test(part)));
  return isName ? text as InstanceName : undefined;
}

export const instanceNameSchema = z.string().transform((text, { addIssue }) => {
  const name = parseInstanceName(text);
  if (name === undefined) addIssue(`the instance ${text.slice(0, mostCharacters)}`);
  return name ?? z.NEVER;
});

/** Returns the stage's name within an instance's. */
export function stageOf(instance: string): string {
  const end = instance.indexOf(separator);
  return end < 0 ? instance : instance.slice(0, end);
}

/** Returns the folder of an instance's view or profile, relative to where these are: `finetune/scalar`. */
export function folderOf(instance: InstanceName): string {
  return instance.replace(separator, "/");
}
