/**
 * Measures processes beside each other: each is warm and waits, one steps at a time, and they take turns, so that a machine
 * whose speed drifts is the same for all.
 */
import { z } from "zod";

const readySchema = z.object({ warm: z.boolean() });

const turnSchema = z.object({
  steps: z.array(z.object({ milliseconds: z.number(), tokens: z.number() })),
  peakMebibytes: z.number(),
});

/** What one competitor's steps took. */
export type Measurement = z.output<typeof turnSchema>;

export interface Pace {
  readonly turns: number;
  readonly stepsPerTurn: number;
}

interface Competitor {
  /** Whether it has taken a step before it was ready. */
  readonly warm: boolean;
  /** Takes so many steps. */
  take(steps: number): Promise<Measurement>;
  end(): Promise<void>;
}

/**
 * Starts a command for each name, lets them take turns, and ends them. They start side by side, which is work for one core each;
 * those that aren't warm by then take a step that doesn't count. From then on one steps at a time.
 */
export async function inTurn<Name extends string>(
  commands: Readonly<Record<Name, readonly string[]>>,
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

async function start([command, ...args]: readonly string[]): Promise<Competitor> {
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
      process.kill("SIGKILL"); // it has nothing to lose, and PyTorch takes a second to leave of itself
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

/** Milliseconds of a step. */
export function stepTime({ steps }: Measurement): number {
  return median(steps.map(({ milliseconds }) => milliseconds));
}

/** Tokens that mattered in a second. */
export function tokenRate({ steps }: Measurement): number {
  return median(steps.map(({ milliseconds, tokens }) => tokens / milliseconds * 1000));
}

/** The median. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
