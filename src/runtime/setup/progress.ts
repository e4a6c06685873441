/** The progress of set-up, as a person sees it. */
export interface Progress {
  /** Begins a line for the next thing to do. */
  readonly line: (text: string) => void;
  /** Shows how far that thing is. */
  readonly detail: (text: string) => void;
}

/**
 * Shows progress on stderr. On a terminal the last line is updated in place; elsewhere each thing gets one
 * line.
 */
export function progressOnStderr(): Progress & Disposable {
  const live = Deno.stderr.isTerminal();
  const write = (text: string) => Deno.stderr.writeSync(new TextEncoder().encode(text));
  let current: { readonly text: string; detail: string; readonly since: number } | undefined;

  const redraw = () => {
    if (!live || !current) return;
    const seconds = Math.round((performance.now() - current.since) / 1000);
    const text = `set-up: ${current.text}${current.detail && `: ${current.detail}`}, ${seconds} s`;
    const { columns } = Deno.consoleSize();
    write(`\r\x1b[2K${text.slice(0, (columns || 80) - 1)}`); // a second row couldn't be replaced
  };
  const endLine = () => {
    if (live && current) write("\n");
  };
  const ticker = setInterval(redraw, 500);
  Deno.unrefTimer(ticker);
  return {
    line(text) {
      endLine();
      current = { text, detail: "", since: performance.now() };
      if (live) redraw();
      else write(`set-up: ${text}\n`);
    },
    detail(text) {
      if (!current) return;
      current.detail = text;
      redraw();
    },
    [Symbol.dispose]() {
      clearInterval(ticker);
      endLine();
    },
  };
}
