/**
 * Each pipeline file of a project has a place of its own in `artifacts/`: its views, and in the store what
 * the newest results of its instances are. Results themselves are shared. The place of `pipeline.yaml` is
 * `artifacts/` itself; another file's is a folder named by its path, such as `pipelines+smoke.yaml`, which no
 * stage's name can be.
 */

import { basename, join, relative, resolve } from "node:path";
import { digestOf } from "./digest.ts";

/** Where what belongs to a pipeline file is kept. */
export interface PipelinePlace {
  /** The pipeline file's path, relative to the project's folder. */
  readonly file: string;
  /** The folder with `latest/`, `views/` and `logs/`. */
  readonly state: string;
  /** The folder with the views. */
  readonly views: string;
}

export const defaultFile = "pipeline.yaml";

/** The folders of a checkout's results. Each may be a link to another disk, but these are real paths. */
export interface ArtifactFolders {
  /** The project's folder. */
  readonly project: string;
  readonly artifacts: string;
  /** The store's folder. */
  readonly root: string;
  /** The folder of what the store keeps for this checkout: the store's own, unless checkouts share it. */
  readonly state: string;
}

/**
 * Returns the place of a pipeline file.
 *
 * @param file the pipeline file's path, relative to the project's folder or absolute
 */
export function placeOf({ project, artifacts, state }: ArtifactFolders, file: string): PipelinePlace {
  const path = relative(project, resolve(project, file));
  if (path === defaultFile) return { file: path, state, views: artifacts };
  const digest = digestOf(path);
  const name = path.replaceAll("/", "+");
  const isPlain = /^\w[\w.+-]*\.[\w-]+$/.test(name) && !path.includes("+") && name.length <= 200;
  const folder = isPlain
    ? name
    : `${basename(path).replaceAll(/[^\w-]/g, "-").slice(0, 100)}.${digest.slice(0, 8)}`;
  return { file: path, state: join(state, "pipelines", digest), views: join(artifacts, folder) };
}
