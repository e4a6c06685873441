/**
 * Measures processes beside each other. They take turns: one steps while the others, which are warm, wait. A
 * machine whose speed drifts is thus the same for all.
 */
import { z } from "zod";
import type { Command } from "../command.ts";
import { median } from "./median.ts";

const readySchema = z.object({ warm: z.boolean() });

const turnSchema = z.object({
  steps: z.array(z.object({ milliseconds: z.number(), tokens: z.number() })),
  peakMebibytes: z.number(),
});

/** What the steps of one process took, how many tokens mattered in each, and the process's peak memory. */
export type Measurement = z.output<typeof turnSchema>;

/** How often each process steps. */
export interface Pace {
  readonly turns: number;
  readonly stepsPerTurn: number;
}

interface Competitor {
  /** Whether it has taken a step before it was ready. */
  readonly warm: boolean;
  /** Takes this number of steps. */
  take(steps: number): Promise<Measurement>;
  end(): Promise<void>;
}

/**
 * Starts a process for each name, lets them take turns, and ends them.
 *
 * They start side by side, since starting keeps one core busy. A process that isn't warm by then takes a step
 * that doesn't count.
 *
 * @throws with what a process has written to stderr, if it ends before it has answered
 */
export async function inTurn<Name extends string>(
  commands: Readonly<Record<Name, Command>>,
  { turns, stepsPerTurn }: Pace,
): Promise<Record<Name, Measurement>> {
  const names = Object.keys(commands) as Name[];
  const competitors = await Promise.all(names.map((name) => start(commands[name])));
  for (const competitor of competitors) if (!competitor.warm) await competitor.take(1);
  const measured = names.map(() => [] as Measurement[]);
  for (let turn = 0; turn < turns; turn++) {
    for (const [index, competitor] of competitors.entries()) {
      measured[index].push(await competitor.take(stepsPerTurn));
    }
  }
  await Promise.all(competitors.map((competitor) => competitor.end()));
  const together = (taken: readonly Measurement[]): Measurement => ({
    steps: taken.flatMap(({ steps }) => steps),
    peakMebibytes: Math.max(...taken.map(({ peakMebibytes }) => peakMebibytes)),
  });
  return Object.fromEntries(names.map((name, index) => [name, together(measured[index])])) as Record<
    Name,
    Measurement
  >;
}

async function start([command, ...args]: Command): Promise<Competitor> {
  const process = new Deno.Command(command, { args, stdin: "piped", stdout: "piped", stderr: "piped" })
    .spawn();
  const complaint = new Response(process.stderr).text();
  const answers = lines(process.stdout);
  const input = process.stdin.getWriter();
  const answer = async () => {
    const { value, done } = await answers.next();
    if (!done) return JSON.parse(value);
    throw new Error(`${command} ${args.join(" ")} has ended: ${await complaint}`);
  };
  const { warm } = readySchema.parse(await answer());
  return {
    warm,
    async take(steps) {
      await input.write(new TextEncoder().encode(`${steps}\n`));
      return turnSchema.parse(await answer());
    },
    async end() {
      process.kill("SIGKILL"); // it has nothing to lose, and PyTorch takes a second to end by itself
      await process.status;
    },
  };
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, undefined> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
}

/** The median of a step's milliseconds. */
export function stepTime({ steps }: Measurement): number {
  return median(steps.map(({ milliseconds }) => milliseconds));
}

/** The tokens that mattered in a second of all steps together, where these differ in size. */
export function totalTokenRate({ steps }: Measurement): number {
  const [tokens, milliseconds] = steps.reduce(
    ([tokens, milliseconds], step) => [tokens + step.tokens, milliseconds + step.milliseconds],
    [0, 0],
  );
  return tokens / milliseconds * 1000;
}

/** The median of the tokens that mattered in a second. */
export function tokenRate({ steps }: Measurement): number {
  return median(steps.map(({ milliseconds, tokens }) => tokens / milliseconds * 1000));
}
