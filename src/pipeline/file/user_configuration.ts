/**
 * A user's configuration says where this user's runs compute, keep and share results. It is a file outside the
 * project, so that pipeline files stay free of sites.
 */

import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../../errors.ts";
import { statIfThere } from "../store/atomic.ts";
import { readDocument } from "./document.ts";
import { timeoutSchema } from "./timeout.ts";
import { validate } from "./validate.ts";

const siteName = z.string().regex(/^[\w.,@:/+-]+$/, "a name as Slurm has it");

const slurmSchema = z.strictObject({
  kind: z.literal("slurm"),
  partition: siteName.optional(),
  account: siteName.optional(),
  qos: siteName.optional(),
  time: timeoutSchema.optional().describe(
    "The time limit of jobs whose stage has no `timeout`: 90s, 30m, 2h.",
  ),
  maxJobs: z.int().min(1).default(50).describe("How many jobs may wait or run at once."),
  flags: z.record(
    z.string().min(1),
    z.array(
      z.string().regex(/^--[a-z][a-z-]*(=[^\n]*)?$/, "a long option of sbatch, as in --constraint=a100"),
    ),
  ).default({}).describe("Instances or stages, or patterns of them → options for sbatch."),
});

const cacheSchema = z.strictObject({
  url: z.string(), // which is checked where no message shows it, since it may hold a password
  mode: z.enum(["read", "read-write"]).default("read"),
  require: z.literal("signed").optional().describe("Takes only results that a trusted key signed."),
});

const userConfigurationSchema = z.strictObject({
  executor: slurmSchema.optional().describe("What runs stages; this machine where nothing is said."),
  cache: cacheSchema.optional().describe("Where results are shared."),
  store: z.string().optional().describe(
    "The folder of a store that this user's checkouts share; each has its own where nothing is said.",
  ),
});

export type UserConfiguration = z.output<typeof userConfigurationSchema>;

/** How jobs are given to Slurm at the user's site. */
export type SlurmSite = z.output<typeof slurmSchema>;

const configurationName = "config.yaml";

/**
 * Reads the configuration in the user's folder, which also holds the keys. Without the file nothing is
 * configured.
 *
 * @throws {InputError} with file, line and column for the first mistake, and without the line's text, which may
 *   hold a password
 */
export function readUserConfiguration(folder: string): UserConfiguration {
  const file = join(folder, configurationName);
  if (!statIfThere(file)) return {};
  try {
    const { value, locate } = readDocument(file);
    return validate(userConfigurationSchema, value ?? {}, locate);
  } catch (error) {
    if (!(error instanceof InputError) || !error.mistake.at) throw error;
    const { source: _unseen, ...at } = error.mistake.at;
    throw new InputError({ ...error.mistake, at });
  }
}

/** Returns the site that `--executor slurm` stands for where nothing is configured. */
export function defaultSlurmSite(): SlurmSite {
  return slurmSchema.parse({ kind: "slurm" });
}
