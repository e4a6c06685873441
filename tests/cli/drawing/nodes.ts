import type { GraphNode } from "../../../src/cli/drawing/graph_text.ts";

/** A node that needs those named. */
export const node = (name: string, ...needs: readonly string[]): GraphNode => ({
  name,
  description: `Makes ${name}.`,
  needs,
});

/** Four nodes, of which the last needs the first by two ways. */
export const diamond = [node("a"), node("b", "a"), node("c", "a"), node("d", "b", "c")];
