/** The names of instances: `finetune@scalar`, or `report` where the stage has no matrix. */

const separator = "@"; // which neither a stage's nor a variant's name holds

/** The name of the instance of a stage that has this variant. */
export function instanceName(stage: string, variant: string | undefined): string {
  return variant === undefined ? stage : `${stage}${separator}${variant}`;
}

/** The stage that an instance is of, by the instance's name. */
export function stageOf(instance: string): string {
  const end = instance.indexOf(separator);
  return end < 0 ? instance : instance.slice(0, end);
}
