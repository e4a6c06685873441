import { renderPlainTable } from "./plain.ts";
import { singleSeedText, variantsWithEnergy } from "./result_section.ts";
import type { Results } from "./results.ts";
import { shortTable } from "./tables.ts";
import { verdictOf } from "./verdict/verdict.ts";

/** Says what came out in a few lines for a terminal: the report's verdict, its warning, and a small table. */
export function summaryText({ comparison, evaluations }: Results): string {
  const { headline } = verdictOf(comparison, variantsWithEnergy(evaluations));
  const warning = singleSeedText(comparison);
  const said = warning === undefined ? headline : `${headline} ${warning}.`;
  return `${said}\n\n${renderPlainTable(shortTable(comparison))}\n`;
}
