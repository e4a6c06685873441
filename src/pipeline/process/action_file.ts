/**
 * An action file says all that there is to know to run an action's stage: whoever runs it reads no pipeline
 * and makes no graph. It is JSON, so that it can be handed to another machine. Paths in it are absolute.
 */

import { z } from "zod";
import type { NativePermissions } from "../plan/plan.ts";
import { type ActionKey, actionKeySchema, type Digest, digestSchema } from "../store/digest.ts";
import type { PartsByInput } from "../store/input_parts.ts";

export interface ActionFile {
  readonly version: typeof actionFileVersion;
  readonly key: ActionKey;
  /** The instance's name, for messages. */
  readonly instance: string;
  /** The project's folder, whose `deno.json` the stage's process takes. */
  readonly root: string;
  /** The path of the stage's module. */
  readonly module: string;
  /** Each local file of the stage's code → its digest when the attempt began. */
  readonly code: Readonly<Record<string, Digest>>;
  /** Those of these files that are read only when an `import(…)` is reached. */
  readonly late: readonly string[];
  /** The parameters as the pipeline file has them. */
  readonly written: Readonly<Record<string, unknown>>;
  /** What the stage's schema has to make of them, in canonical JSON, since the key covers that. */
  readonly parameters: string;
  /** The folder that holds the inputs, and nothing else. */
  readonly inputFolder: string;
  /** Each part of each input: its path in that folder, and the digest of its content. */
  readonly inputs: PartsByInput<InputPlace>;
  /** What else the key covers: Deno's version, and of native stages the libraries and the kind of machine. */
  readonly environment: Readonly<Record<string, string>>;
  /** The folder for what an interrupted attempt leaves to the next. */
  readonly checkpoint: string;
  /** A file to lock while the checkpoint is used, where processes of several machines may. */
  readonly lock?: string | undefined;
  /** The folder for a profile, if one is asked for. */
  readonly profile?: string | undefined;
  /** The file for what the stage prints. */
  readonly log: string;
  /** A line to write before that, below what attempts before have printed; without it the log begins anew. */
  readonly heading?: string | undefined;
  readonly threads: number;
  /** Resource → how much of it the pipeline file gives to the stage. */
  readonly resources: Readonly<Record<string, number>>;
  /** The longest that the stage may run: 90s, 30m, 2h. */
  readonly timeout?: string | undefined;
  readonly permissions: {
    readonly network: boolean;
    /** Names of environment variables that the stage gets from the user's. */
    readonly env: readonly string[];
    /** What a native stage needs besides. */
    readonly native?: NativePermissions | undefined;
  };
}

export interface InputPlace {
  readonly path: string;
  readonly digest: Digest;
}

/** Of action files; another version may mean something else by the same words. */
export const actionFileVersion = 1;

const texts = z.array(z.string());

export const actionFileSchema: z.ZodType<ActionFile, unknown> = z.strictObject({
  version: z.literal(actionFileVersion),
  key: actionKeySchema,
  instance: z.string(),
  root: z.string(),
  module: z.string(),
  code: z.record(z.string(), digestSchema),
  late: texts,
  written: z.record(z.string(), z.unknown()),
  parameters: z.string(),
  inputFolder: z.string(),
  inputs: z.record(
    z.string(),
    z.record(z.string(), z.strictObject({ path: z.string(), digest: digestSchema })),
  ),
  environment: z.record(z.string(), z.string()),
  checkpoint: z.string(),
  lock: z.string().optional(),
  profile: z.string().optional(),
  log: z.string(),
  heading: z.string().optional(),
  threads: z.int().min(1),
  resources: z.record(z.string(), z.number()),
  timeout: z.string().optional(),
  permissions: z.strictObject({
    network: z.boolean(),
    env: texts,
    native: z.strictObject({ read: texts, env: texts, ffi: texts, sys: texts, passed: texts }).optional(),
  }),
});
