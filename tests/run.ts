/**
 * Runs the tests: `deno run tests/run.ts FLAGS… -- ARGUMENTS…`. What is asked for, files or `--filter`, is one
 * `deno test` with these flags. Where nothing is asked for, all tests run in parts, two at once: many tests
 * wait for another process, so that one `deno test` leaves cores idle. What the tests of a file print stays
 * together, what failed is named again at the end, and the closing line has Deno's form.
 */

import { stripVTControlCharacters } from "node:util";

const parts = 16;
const atOnce = 2;

interface Ended {
  readonly success: boolean;
  readonly output: string;
}

if (import.meta.main) {
  const end = Deno.args.indexOf("--");
  const [flags, asked] = [Deno.args.slice(0, end), Deno.args.slice(end + 1)];
  Deno.exit(asked.length > 0 ? await runOnly(flags, asked) : await runAll(flags));
}

async function runOnly(flags: readonly string[], asked: readonly string[]): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), { args: ["test", ...flags, ...asked] }).spawn();
  return (await child.status).code;
}

async function runAll(flags: readonly string[]): Promise<number> {
  const started = Date.now();
  // Deno sorts the files. Tests of whole pipelines, which take longest, are in the last parts: these go first.
  const waiting = Array.from({ length: parts }, (_, index) => index + 1);
  const ended: Ended[] = [];
  const work = async () => {
    for (let part; (part = waiting.pop()) !== undefined;) ended.push(await runPart(flags, part));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const seconds = Math.round((Date.now() - started) / 1000);
  const ok = ended.every(({ success }) => success);
  const outputs = ended.map(({ output }) => stripVTControlCharacters(output));
  console.log(summary(outputs, ok, `${Math.floor(seconds / 60)}m${seconds % 60}s`));
  return ok ? 0 : 1;
}

/** Runs a part, and shows what each file's tests have printed as soon as they have ended. */
async function runPart(flags: readonly string[], part: number): Promise<Ended> {
  const command = [Deno.execPath(), "test", ...flags, `--shard=${part}/${parts}`];
  const args = ["-c", 'exec "$@" 2>&1', "sh", ...command];
  const child = new Deno.Command("sh", { args, stdin: "null", stdout: "piped" }).spawn();
  let [output, shown] = ["", 0];
  const showUpTo = (end: number) => {
    if (end > shown) console.log(output.slice(shown, end).trimEnd());
    shown = end;
  };
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    output += text;
    const files = Array.from(output.matchAll(/^.*running \d+ tests? from \.\//gm));
    showUpTo(files.at(-1)?.index ?? shown);
  }
  showUpTo(output.length);
  return { success: (await child.status).success, output };
}

/** Returns what failed, by name, and the closing line of all parts together. */
function summary(outputs: readonly string[], ok: boolean, time: string): string {
  const closings = outputs.flatMap((output) => output.match(/^(ok|FAILED) \| .*$/gm)?.at(-1) ?? []);
  const count = (what: string) =>
    closings.reduce((sum, line) => sum + Number(line.match(`([0-9]+) ${what}`)?.[1] ?? 0), 0);
  const failed = outputs.flatMap((output) =>
    output.match(/^ FAILURES \n\n([^]*?)\n\n(ok|FAILED) \|/m)?.[1] ?? []
  );
  const counts = `${count("passed")} passed | ${count("failed")} failed | ${count("ignored")} ignored`;
  const closing = `${ok ? "ok" : "FAILED"} | ${counts} (${time})`;
  const crashed = outputs.length - closings.length;
  const notEnded = crashed > 0 ? [`${crashed} of ${parts} parts ended before their closing line`] : [];
  return [...failed, ...notEnded, closing].join("\n\n");
}
