/**
 * This is the program of the process that describes stages: it may read their code and do nothing else. It
 * reads a question on stdin and answers in a line on stdout.
 */

import { describeStage, readParameters } from "../graph/describe.ts";
import { loadStage, NoStage } from "../graph/load.ts";
import { type Answer, questionSchema } from "./describe.ts";

async function answerFor(url: string, written: readonly Record<string, unknown>[]): Promise<Answer> {
  try {
    const stage = await loadStage(url);
    return {
      kind: "stage",
      description: describeStage(stage),
      readings: written.map((written) => readParameters(stage, written)),
    };
  } catch (error) {
    if (error instanceof NoStage) return { kind: "none" };
    return { kind: "broken", reason: error instanceof Error ? error.message : String(error) };
  }
}

// Deno would keep these for the next process.
["localStorage", "caches"].forEach((name) => Reflect.deleteProperty(globalThis, name));
Reflect.deleteProperty(Deno, "openKv");

const text = await new Response(Deno.stdin.readable).text();
const { nonce, modules } = questionSchema.parse(JSON.parse(text));
const answers = await Promise.all(modules.map(({ url, written }) => answerFor(url, written)));
// What a module prints while it is imported stands on other lines.
await new Blob([`\n${nonce}${JSON.stringify(answers)}\n`]).stream().pipeTo(Deno.stdout.writable);
Deno.exit(); // whatever the modules have begun
