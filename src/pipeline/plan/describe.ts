/**
 * The planner learns what stages say of themselves from a process that may read their code and nothing else,
 * since a module can run anything when it is imported.
 */

import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { z } from "zod";
import { descriptionSchema, readingSchema } from "../graph/description.ts";
import { digestOf } from "../store/digest.ts";
import { type Fingerprint, recallJson, type StatCache } from "../store/stat_cache.ts";
import type { StageCode } from "./code.ts";

/** What the process is asked: for each module a description, and what it makes of these parameters. */
export const questionSchema = z.object({
  nonce: z.string(),
  modules: z.array(z.object({ url: z.string(), written: z.array(z.record(z.string(), z.unknown())) })),
});

const answerSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("stage"), description: descriptionSchema, readings: z.array(readingSchema) }),
  /** The module defines no stage. */
  z.object({ kind: z.literal("none") }),
  z.object({ kind: z.literal("broken"), reason: z.string() }),
]);

export type Answer = z.output<typeof answerSchema>;

/** A module to describe. */
export interface Described {
  readonly module: string;
  readonly code: StageCode;
  /** The parameters that are written for its instances. */
  readonly written: readonly Readonly<Record<string, unknown>>[];
}

/** Describes modules, in their order; those whose answer is remembered aren't imported again. */
export async function describeModules(
  modules: readonly Described[],
  root: string,
  cache: StatCache,
): Promise<readonly Answer[]> {
  const known = modules.map((described) => recall(described, cache));
  const asked = modules.filter((_, index) => known[index] === undefined);
  const answers = asked.length === 0 ? [] : await ask(asked, root);
  asked.forEach((described, index) => {
    const answer = answers[index];
    if (answer?.kind === "stage") {
      cache.remember(nameOf(described), fingerprintOf(described), JSON.stringify(answer));
    }
  });
  const fresh = [...answers];
  return known.map((answer) => answer ?? fresh.shift() ?? { kind: "broken", reason: "it wasn't described" });
}

function recall(described: Described, cache: StatCache): Answer | undefined {
  return answerSchema.safeParse(recallJson(cache, nameOf(described), fingerprintOf(described))).data;
}

function nameOf({ module }: Described): string {
  return `stage ${module}`;
}

function fingerprintOf({ code, written }: Described): Fingerprint {
  return digestOf(JSON.stringify([Deno.version.deno, code.digest, written])) as string as Fingerprint;
}

const longestSeconds = 60;

async function ask(modules: readonly Described[], root: string): Promise<readonly Answer[]> {
  const nonce = crypto.randomUUID();
  const files = [...new Set(modules.flatMap(({ code }) => code.files))];
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--cached-only",
      "--quiet",
      `--config=${join(root, "deno.json")}`,
      `--allow-read=${files.join(",")}`,
      fileURLToPath(new URL("describe_host.ts", import.meta.url)),
    ],
    cwd: root,
    env: { NO_COLOR: "1", TZ: "UTC", LC_ALL: "C.UTF-8" }, // as a stage's own process has them
    signal: AbortSignal.timeout(longestSeconds * 1000),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const question: z.input<typeof questionSchema> = {
    nonce,
    modules: modules.map(({ module, written }) => ({
      url: pathToFileURL(module).href,
      written: [...written],
    })),
  };
  const asking = new Blob([JSON.stringify(question)]).stream().pipeTo(child.stdin);
  const [{ stdout, stderr, signal }] = await Promise.all([child.output(), asking.catch(() => {})]);
  const line = new TextDecoder().decode(stdout).split("\n").findLast((line) => line.startsWith(nonce));
  if (line !== undefined) return z.array(answerSchema).parse(JSON.parse(line.slice(nonce.length)));
  if (modules.length > 1) { // which of them ended the process shows one by one
    const answers = [];
    for (const module of modules) answers.push(...await ask([module], root));
    return answers;
  }
  const reason = new TextDecoder().decode(stderr).trim().split("\n")[0] ?? "";
  const ending = signal ? `importing it took more than ${longestSeconds} s` : "it ended the process";
  return modules.map(() => ({ kind: "broken", reason: reason || ending }));
}
