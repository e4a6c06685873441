/**
 * Visits the nodes of a graph that can be reached from some of them, and returns each once, after those that
 * it leads to. The visit keeps its path in a list instead of calling itself, since thousands of nodes may
 * stand in one chain.
 *
 * @param next returns the nodes that one leads to, in the order in which to visit them
 * @param onCircle is called with the path from a node back to itself, without that node's second mention
 */
export function depthFirst<Node>(
  starts: Iterable<Node>,
  next: (node: Node) => readonly Node[],
  onCircle?: (circle: readonly Node[]) => void,
): readonly Node[] {
  const left = new Set<Node>();
  for (const start of starts) {
    const path: { readonly node: Node; readonly rest: Node[] }[] = [];
    const onPath = new Set<Node>();
    const enter = (node: Node) => {
      if (left.has(node)) return;
      if (onPath.has(node)) {
        const nodes = path.map(({ node }) => node);
        return onCircle?.(nodes.slice(nodes.indexOf(node)));
      }
      onPath.add(node);
      path.push({ node, rest: next(node).toReversed() });
    };
    enter(start);
    for (let last = path.at(-1); last; last = path.at(-1)) {
      if (last.rest.length > 0) {
        enter(last.rest.pop() as Node);
        continue;
      }
      path.pop();
      left.add(last.node);
    }
  }
  return [...left];
}
