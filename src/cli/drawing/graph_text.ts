/**
 * Writes a pipeline's graph as text: drawn with line characters for a terminal, or as code for Mermaid and
 * Graphviz.
 */

export interface GraphNode {
  /** Name of the instance. */
  readonly name: string;
  readonly description: string;
  /** Names of the instances that it needs; their nodes come before it. */
  readonly needs: readonly string[];
}

/**
 * Returns a row for each node. Lines run down from a node to the rows of those that need it.
 *
 * ```
 * ●     prepare
 * ├─●   train
 * ╰─┴─● evaluate
 * ```
 */
export function drawForTerminal(nodes: readonly GraphNode[]): readonly string[] {
  const lastUse = new Map(nodes.flatMap(({ needs }, row) => needs.map((name) => [name, row] as const)));
  const lanes: (string | undefined)[] = []; // which node's line runs in each lane
  const rows = nodes.map(({ name, needs }, row) => {
    const own = lanes.includes(undefined) ? lanes.indexOf(undefined) : lanes.length;
    const joined = lanes.flatMap((lane, index) => lane !== undefined && needs.includes(lane) ? [index] : []);
    const [first, last] = [Math.min(own, ...joined), Math.max(own, ...joined)];
    const ends = (lane: string) => (lastUse.get(lane) ?? 0) <= row;
    let text = "";
    for (let index = 0; index < Math.max(lanes.length, own + 1); index++) {
      const lane = lanes[index];
      if (index === own) text += "●";
      else if (lane === undefined) text += first < index && index < last ? "─" : " ";
      else if (!joined.includes(index)) text += "│";
      else text += corner(!ends(lane), index > first, index < last);
      text += first <= index && index < last ? "─" : " ";
    }
    lanes[own] = name;
    lanes.forEach((lane, index) => {
      if (lane !== undefined && ends(lane)) lanes[index] = undefined;
    });
    return { text: text.trimEnd(), name };
  });
  const width = Math.max(0, ...rows.map(({ text }) => text.length));
  return rows.map(({ text, name }) => `${text.padEnd(width)} ${name}`);
}

/** Returns the character where a line from above meets a line to the left, to the right or both. */
function corner(goesOn: boolean, left: boolean, right: boolean): string {
  if (left && right) return goesOn ? "┼" : "┴";
  if (left) return goesOn ? "┤" : "╯";
  return goesOn ? "├" : "╰";
}

/** Writes the graph as a Mermaid flowchart, which some Markdown viewers draw. */
export function toMermaid(nodes: readonly GraphNode[]): string {
  const ids = new Map(nodes.map(({ name }, index) => [name, `n${index}`]));
  return [
    "flowchart LR",
    ...nodes.map(({ name }) => `  ${ids.get(name)}["${name.replaceAll('"', "#quot;")}"]`),
    ...nodes.flatMap(({ name, needs }) => needs.map((needed) => `  ${ids.get(needed)} --> ${ids.get(name)}`)),
  ].join("\n");
}

/** Writes the graph in Graphviz's language DOT. */
export function toDot(nodes: readonly GraphNode[]): string {
  return [
    "digraph pipeline {",
    "  rankdir=LR;",
    '  node [shape=box, fontname="sans-serif"];',
    ...nodes.map(({ name, description }) => `  ${quoted(name)} [tooltip=${quoted(description)}];`),
    ...nodes.flatMap(({ name, needs }) => needs.map((needed) => `  ${quoted(needed)} -> ${quoted(name)};`)),
    "}",
  ].join("\n");
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
