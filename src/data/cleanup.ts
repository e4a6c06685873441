import { reattach } from "./reattach.ts";
import { unescapeHtml } from "./unescape_html.ts";

/** The steps of cleaning by their names. */
const steps = {
  "unescape-html": unescapeHtml,
  reattach,
  "collapse-whitespace": (text: string) => text.replaceAll(/\s+/g, " "),
} as const satisfies Readonly<Record<string, (text: string) => string>>;

/** The name of a step of cleaning. */
export type CleanupStep = keyof typeof steps;

/** The names of all steps. */
export const cleanupSteps = [
  "unescape-html",
  "reattach",
  "collapse-whitespace",
] as const satisfies CleanupStep[];

/** Returns a text after the steps in the order that is given, without white space around it. */
export function cleaned(text: string, names: readonly CleanupStep[]): string {
  return names.reduce((text, name) => steps[name](text), text).trim();
}
