import { join } from "node:path";
import { type Command, outputOf } from "../../command.ts";

/** One program that brings pipelines up to date. */
export interface Program {
  readonly name: string;
  /**
   * Writes into an empty folder a chain of stages, each of which adds a line to what the one before has made.
   */
  writeChain(folder: string, stages: number): void | Promise<void>;
  /** Brings the chain up to date. */
  readonly command: Command;
  /** Forgets all results, so that the chain can be made from nothing again. */
  readonly forget: Command;
}

/** Runs a command in a folder and returns the seconds that the whole process took. */
export async function execute(folder: string, command: Command): Promise<number> {
  const started = performance.now();
  await outputOf(command, { cwd: folder, env: { NO_COLOR: "1" } });
  return (performance.now() - started) / 1000;
}

/** Writes files into a folder, by their names. */
export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) Deno.writeTextFileSync(join(folder, name), text);
}

/** Writes this number of files below `files`, a hundred to a folder. */
export function writeFiles(folder: string, files: number): void {
  for (const index of numbers(files)) {
    const inner = join(folder, "files", String(Math.floor(index / 100)));
    if (index % 100 === 0) Deno.mkdirSync(inner, { recursive: true });
    Deno.writeTextFileSync(join(inner, `${index}.txt`), `${index}\n`);
  }
}

/** The file that a stage of the chain reads, where each stage writes its own below `out`. */
export function chainInput(stage: number): string {
  return stage === 0 ? "start.txt" : `out/s${stage - 1}.txt`;
}

/** The numbers from 0 to `count - 1`. */
export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
