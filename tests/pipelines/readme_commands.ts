/** The commands by which the README uses a model, run as they stand there. */

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { lineBatches } from "../../src/lines.ts";
import { commandsIn, sectionOf, withoutNumbers } from "../shown_commands.ts";
import { type Copy, type Ended, shell, shellCommand } from "./copy.ts";

const readme = readFileSync(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");
const section = sectionOf(readme, "Use the model");
const shown = commandsIn(section);

/** Returns the command that the section shows of a program. */
function commandOf(program: string): string {
  const found = shown.find(({ command }) => command.startsWith(program));
  assert.ok(found, program);
  return found.command;
}

/** Checks that a command did what it should, and said so in the README's words, whatever the numbers are. */
function assertAsShown({ code, output }: Ended, program: string): void {
  assert.equal(code, 0, output);
  const promised = shown.find(({ command }) => command.startsWith(program))?.output ?? "";
  const printed = withoutNumbers(output);
  for (const line of withoutNumbers(promised).split("\n")) assert.ok(printed.includes(line), output);
}

/**
 * Predicts, calibrates, serves and exports as the README says, with the classifiers of another pipeline file.
 *
 * @param labelled texts with their classes, which the README takes from the user
 */
export async function runReadmeCommands(
  copy: Copy,
  file: string,
  labelled: readonly { readonly text: string; readonly label: string }[],
): Promise<void> {
  const path = (name: string) => join(copy.root, name);
  const run = (program: string) => shell(copy, `${commandOf(program)} --file ${file}`);
  const [, csv = ""] = section.match(/^```csv\n([^]*?)^```$/m) ?? [];
  writeFileSync(path("reviews.csv"), csv);
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const rows = labelled.map(({ text, label }) => `${quoted(text)},${label}`);
  writeFileSync(path("fresh.csv"), `review,sentiment\n${rows.join("\n")}\n`);

  assertAsShown(await run("deno task predict"), "deno task predict");
  const answers = readFileSync(path("answers.jsonl"), "utf8").trim().split("\n").map((line) =>
    JSON.parse(line)
  );
  const [, json = ""] = section.match(/^```json\n([^]*?)^```$/m) ?? [];
  assert.deepEqual(answers.map(({ id }) => id), ["1", "2", "3"]);
  assert.deepEqual(Object.keys(answers[0]), Object.keys(JSON.parse(json)));

  assertAsShown(await run("deno task calibrate"), "deno task calibrate");

  const answer = await askServer(copy, file);
  assert.deepEqual(Object.keys(answer), Object.keys(answers[0]));
  assert.deepEqual([answer.id, answer.label], [1, answers[0].label]);

  assertAsShown(await run("deno task pipeline export"), "deno task pipeline export");
  assert.ok(existsSync(path("my-classifier/config.json")));
}

/** Serves the model, asks it by curl, and ends it as Ctrl-C does. */
async function askServer(copy: Copy, file: string) {
  const port = freePort();
  const server = shellCommand(copy, `exec ${commandOf("deno task serve")} --file ${file} --port ${port}`)
    .spawn();
  const errors = new Response(server.stderr).text();
  let asked: Ended | undefined;
  for await (const lines of lineBatches("standard output", server.stdout)) {
    if (!lines.some((line) => line.endsWith(` is served at http://127.0.0.1:${port}/`))) continue;
    asked = await shell(copy, commandOf("curl").replace(":8000/", `:${port}/`));
    break;
  }
  server.kill("SIGINT");
  assert.equal((await server.status).code, 0, await errors);
  assert.equal(asked?.code, 0, asked?.output);
  const [json = ""] = asked.output.match(/^\{.*\}/m) ?? [];
  return JSON.parse(json);
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
