import { voteChart } from "./charts/votes.ts";
import type { Origin, Section, Table } from "./document.ts";
import { formatCount, formatDecimal, formatShare } from "./format.ts";
import type { Results } from "./results.ts";
import { voteTable } from "./tables.ts";
import { voteDefinitions } from "./terms.ts";
import type { VoteBin } from "./vote_bins.ts";

/** Compares predictions with people's votes; there is no such section where the data have none. */
export function voteSection({ comparison, distributions }: Results, origin: Origin): Section[] {
  const table = voteTable(comparison);
  if (!table) return [];
  const text = "Several people judged each text. Their votes are compared with the predicted probabilities.";
  const chart = voteChart(distributions);
  const bins = distributions.flatMap(({ variant, votes }) => votes ? [binTable(variant, votes)] : []);
  return [{
    heading: "People's votes",
    blocks: [
      { kind: "paragraph", text: [text] },
      { kind: "table", table, origin },
      ...(chart
        ? [
          { kind: "chart", chart } as const,
          { kind: "details", summary: "The bins of votes as tables", tables: bins } as const,
        ]
        : []),
      { kind: "definitions", items: voteDefinitions },
    ],
  }];
}

/** Makes a table of a drawing's bins, for those who read or copy numbers. */
function binTable(variant: string, bins: readonly VoteBin[]): Table {
  return {
    caption: `${variant}: people who agree, by confidence`,
    headings: ["Bin", "Texts", "Confidence", "People who agree", "Middle half"],
    groups: [bins.map(({ lower, upper, count, confidence, agreement, quartiles }) => ({
      name: `(${formatDecimal(lower, 2)}, ${formatDecimal(upper, 2)}]`,
      cells: [
        formatCount(count),
        formatShare(confidence),
        formatShare(agreement),
        quartiles.map(formatShare).join(" to "),
      ],
    }))],
  };
}
