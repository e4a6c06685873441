/** Shows how far a push to a remote cache, or a pull from it, is. */

import type { Refusal } from "../../pipeline/share/transfer.ts";
import { printable } from "../../excerpt.ts";
import { liveLines } from "../terminal/live_lines.ts";
import { red } from "../terminal/text.ts";
import { printLines } from "../terminal/width.ts";

const redrawMs = 250;

export interface TransferDisplay extends Disposable {
  /** Says how far it is; a terminal shows it a moment later. */
  show(text: string): void;
}

/** Shows the newest text on standard output's last line if that is a terminal, until the display is disposed. */
export function transferDisplay(): TransferDisplay {
  const { draw } = liveLines();
  let newest: string | undefined;
  const timer = setInterval(() => newest !== undefined && draw([newest]), redrawMs);
  return {
    show: (text) => newest = text,
    [Symbol.dispose]() {
      clearInterval(timer);
      draw([]);
    },
  };
}

/** Names what wasn't taken. */
export function printRefusals(refused: readonly Refusal[]): void {
  refused.forEach(({ instance, reason }) => {
    printLines(`${red("✗")} ${instance}  not taken: ${printable(reason, 1000)}`);
  });
}
