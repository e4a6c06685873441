import type { Row, Table } from "./document.ts";
import type { Evaluation } from "./evaluation.ts";
import { formatCount } from "./format.ts";

/** Shows how long each variant was trained, which step's weights it has, and why: seed by seed. */
export function trainingTable(evaluations: readonly Evaluation[]): Table {
  const ofVariant = Map.groupBy(evaluations, ({ variant }) => variant);
  return {
    caption: "Steps of each training and the step that was kept, seed by seed",
    headings: ["Variant", "Steps", "Kept", "Why"],
    groups: [
      [...ofVariant].map(([name, members]): Row => {
        const listed = (of: (kept: Evaluation["kept"]) => string) => {
          const values = members.map(({ kept }) => of(kept));
          return new Set(values).size === 1 ? values[0] : values.join(", ");
        };
        const steps = listed(({ lastStep, steps }) =>
          lastStep === steps ? formatCount(steps) : `${formatCount(lastStep)} of ${formatCount(steps)}`
        );
        return { name, cells: [steps, listed(({ step }) => formatCount(step)), listed(({ why }) => why)] };
      }),
    ],
  };
}
