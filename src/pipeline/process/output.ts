/** Reads what a stage's process writes to stdout or stderr: lines for the log, with messages among them. */

import { type Message, readLine } from "./protocol.ts";

/** Characters after which a line is cut, so that one that never ends needs no more memory than this. */
const longestLine = 1 << 16;

/** Takes what is read, in the order in which it was written. */
export interface OutputSink {
  /** Takes lines for the log, as many at once as came together. */
  onLines(lines: readonly string[]): void;
  onMessage(message: Message): void;
}

/** An output stream of a process that works at one request after the other. */
export interface ProcessOutput {
  /**
   * Passes on what comes until the end of a request, whose messages start with this mark. Without a mark
   * there are no messages.
   *
   * @returns whether the request's end has come; false where the stream ended before it
   */
  follow(mark: string | undefined, sink: OutputSink): Promise<boolean>;
}

export function processOutput(stream: ReadableStream<Uint8Array>): ProcessOutput {
  const pieces = stream[Symbol.asyncIterator]();
  const decoder = new TextDecoder();
  let text = ""; // what has come and wasn't looked at yet
  let unfinished: string[] = []; // the parts of a line whose end hasn't come yet
  let length = 0; // of all these parts

  const takeUnfinished = (): string => {
    const line = unfinished.join("");
    unfinished = [];
    length = 0;
    return line;
  };

  /** Returns what to log of a line that has become too long, and keeps what may be the start of a message. */
  const cut = (mark: string | undefined): string => {
    const line = takeUnfinished();
    const start = mark === undefined ? line.length : startOfMark(line, mark);
    unfinished = [line.slice(start)];
    length = line.length - start;
    return line.slice(0, start);
  };

  /** Takes all that has come; returns whether the request's end was there, beyond which nothing is taken. */
  const take = (mark: string | undefined, { onLines, onMessage }: OutputSink): boolean => {
    let lines: string[] = [];
    const flush = () => {
      if (lines.length > 0) onLines(lines);
      lines = [];
    };
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      const line = takeUnfinished() + text.slice(start, end);
      start = end + 1;
      const { text: logged, message } = mark === undefined
        ? { text: line, message: undefined }
        : readLine(mark, line);
      if (logged !== undefined) lines.push(logged);
      if (!message) continue;
      flush();
      if (message.type === "end") {
        text = text.slice(start);
        return true;
      }
      onMessage(message);
    }
    unfinished.push(text.slice(start));
    length += text.length - start;
    text = "";
    if (length > longestLine) {
      const logged = cut(mark);
      if (logged !== "") lines.push(logged);
    }
    flush();
    return false;
  };

  return {
    async follow(mark, sink) {
      while (!take(mark, sink)) {
        const piece = await pieces.next();
        if (piece.done) {
          const line = takeUnfinished();
          if (line !== "") sink.onLines([line]);
          return false;
        }
        text = decoder.decode(piece.value, { stream: true });
      }
      return true;
    },
  };
}

/** Returns where a mark, or what there is of one at the line's end, starts; the line's length for neither. */
function startOfMark(line: string, mark: string): number {
  const whole = line.indexOf(mark);
  if (whole >= 0) return whole;
  const last = line.lastIndexOf(mark.slice(0, 1));
  return last >= 0 && mark.startsWith(line.slice(last)) ? last : line.length;
}
