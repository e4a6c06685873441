import type { GraphNode } from "../../../src/cli/drawing/graph_text.ts";

/** Makes a node that needs those named. */
export const node = (name: string, ...needs: readonly string[]): GraphNode => ({
  name,
  description: `Makes ${name}.`,
  needs,
});

/** Four nodes: the last needs two others, which both need the first. */
export const diamond = [node("a"), node("b", "a"), node("c", "a"), node("d", "b", "c")];
