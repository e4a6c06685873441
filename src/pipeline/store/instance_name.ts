/**
 * An instance's name joins its stage and its variant: `finetune@scalar`, or `report` where the stage has no
 * matrix.
 */

const separator = "@"; // which neither a stage's nor a variant's name holds

/**
 * Returns the name of the instance of a stage that has this variant; undefined stands for a stage without a
 * matrix.
 */
export function instanceName(stage: string, variant: string | undefined): string {
  return variant === undefined ? stage : `${stage}${separator}${variant}`;
}

/** Returns the stage's name within an instance's. */
export function stageOf(instance: string): string {
  const end = instance.indexOf(separator);
  return end < 0 ? instance : instance.slice(0, end);
}
