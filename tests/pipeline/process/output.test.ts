import assert from "node:assert/strict";
import { type OutputSink, processOutput } from "../../../src/pipeline/process/output.ts";
import { markOf, type Message, writeMessage } from "../../../src/pipeline/process/protocol.ts";

const mark = markOf({ nonce: "6f1c" });
const end = writeMessage(mark, { type: "end" });
const progress = { type: "progress", done: 1, total: 2, text: "half", heldBytes: 1 } as const;

function streamOf(pieces: Iterable<string>): ReadableStream<Uint8Array> {
  return ReadableStream.from(pieces).pipeThrough(new TextEncoderStream());
}

function collector(): { lines: string[]; messages: Message[]; sink: OutputSink } {
  const [lines, messages]: [string[], Message[]] = [[], []];
  const sink: OutputSink = {
    onLines: (more) => lines.push(...more),
    onMessage: (message) => messages.push(message),
  };
  return { lines, messages, sink };
}

async function read(pieces: Iterable<string>) {
  const { lines, messages, sink } = collector();
  const hasEnded = await processOutput(streamOf(pieces)).follow(mark, sink);
  return { lines, messages, hasEnded };
}

Deno.test("lines and messages are told apart, however they come in pieces", async () => {
  const text = `one\ntwo, unfinished${writeMessage(mark, progress)}three\n\n${end}`;
  const right = { lines: ["one", "two, unfinished", "three", ""], messages: [progress], hasEnded: true };
  assert.deepEqual(await read([text]), right);
  assert.deepEqual(await read([...text]), right, "a character at a time");
});

Deno.test("what looks like a message, but has another nonce or none, is a line of the log", async () => {
  const forged = ["\x1eend", '\x1e{"type":"done"}', `${markOf({ nonce: "6f1d" })}{"type":"end"}`, "\x1e6f1"];
  const { lines, messages, hasEnded } = await read([`${forged.join("\n")}\n${end}`]);
  assert.deepEqual([lines, messages, hasEnded], [forged, [], true]);
});

Deno.test("a message that can't be read is a line of the log, without its nonce", async () => {
  const line = JSON.stringify({ ...progress, total: NaN });
  const { lines, messages } = await read([`before ${mark}${line}\n${mark}no JSON\n${end}`]);
  assert.deepEqual([lines, messages], [[`before ${line}`, "no JSON"], []]);
});

Deno.test("without an end, the last line counts, and the request hasn't ended", async () => {
  assert.deepEqual(await read(["one\ntw", "o"]), { lines: ["one", "two"], messages: [], hasEnded: false });
});

Deno.test("what follows the end of a request belongs to the next one", async () => {
  const next = markOf({ nonce: "8a22" });
  const output = processOutput(
    streamOf([`one\n${end}two\n${writeMessage(next, progress)}`, "\x1e8a2", '2{"t']),
  );
  const [first, second] = [collector(), collector()];
  assert.equal(await output.follow(mark, first.sink), true);
  assert.equal(await output.follow(next, second.sink), false);
  assert.deepEqual(first.lines, ["one"]);
  assert.deepEqual([second.lines, second.messages], [["two", '\x1e8a22{"t'], [progress]]);
});

Deno.test("a line without an end is cut into pieces, in linear time, and a message in it is found", async () => {
  const piece = "x".repeat(1 << 14);
  const long = "y".repeat(3_000_000);
  const count = 3000; // 49 MB, of which a cost in their square would take minutes
  const pieces = function* () {
    for (let index = 0; index < count; index++) yield piece;
    const message = writeMessage(mark, { type: "summary", text: long }) + end;
    for (let start = 0; start < message.length; start += 100) yield message.slice(start, start + 100);
  };
  const { lines, messages, hasEnded } = await read(pieces());
  assert.equal(hasEnded, true);
  assert.ok(lines.every((line) => line.length <= (1 << 16) + piece.length));
  assert.equal(lines.reduce((length, line) => length + line.length, 0), count * piece.length);
  assert.deepEqual(messages, [{ type: "summary", text: long }]);
});
