import { z } from "zod";

/** The schema of a repository's name on the hub, with its kind before it. */
export const repositorySchema = z.string().regex(/^(model|dataset):\w[\w.-]*(\/\w[\w.-]*)?$/, {
  error: "a kind and a name, such as model:FacebookAI/roberta-base or dataset:nyu-mll/glue",
});

/** A repository of the hub at one commit. */
export interface Repository {
  readonly kind: "model" | "dataset";
  /** `owner/name`, or the name alone of one that has no owner. */
  readonly name: string;
  /** The commit's full hash; or, until that is known, a branch or a tag. */
  readonly revision: string;
}

/** Takes a name that `repositorySchema` accepts apart. */
export function repositoryAt(written: string, revision: string): Repository {
  const [kind, name] = written.split(":");
  return { kind: kind as Repository["kind"], name, revision };
}

/** Returns how messages name a repository. */
export function titleOf({ kind, name }: Pick<Repository, "kind" | "name">): string {
  return `the ${kind === "dataset" ? "data set" : "model"} ${name}`;
}

/** Returns the path of a repository's page, and of its files, on the hub. */
export function pageOf({ kind, name }: Pick<Repository, "kind" | "name">): string {
  return kind === "dataset" ? `datasets/${name}` : name;
}
