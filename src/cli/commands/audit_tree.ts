/** Shows where results come from as a tree: a line for each action and each file of the user's, once. */

import type { Audit, AuditedAction } from "../../pipeline/explain/audit.ts";
import { namedParts } from "../../pipeline/store/input_parts.ts";
import { secondsOf } from "../../pipeline/store/record.ts";
import { oneLine } from "../terminal/one_line.ts";
import { bold, dim, duration, listed, short } from "../terminal/text.ts";
import { aligned, outputColumns, widthOf, wrapped } from "../terminal/width.ts";
import { environmentFacts } from "./environment_facts.ts";
import { signatureText } from "./signature_text.ts";

/** Returns the tree, and below it the environment in which all of it was made. */
export function auditTree({ actions }: Audit): string {
  const lines = treeOf(actions).flatMap((node) => linesOf(node));
  const isAnySigned = actions.some(({ signature }) => signature.state !== "unsigned");
  const width = Math.max(0, ...lines.map(({ branch, node }) => node.action ? widthOf(branch) : 0));
  const made = aligned(lines.map(({ node }) => madeText(node)));
  const tree = lines.map(({ branch, node }, index) => {
    const start = branch + " ".repeat(Math.max(0, width - widthOf(branch)));
    const cells = [made[index] ?? "", ...detailsOf(node, isAnySigned)];
    return oneLine(fitting(start, cells, alsoTexts(node)).trimEnd());
  });
  const environment = environmentFacts(actions).map(([name, text]) =>
    wrapped(oneLine(`  ${name}: ${text}`), 4)
  );
  return [...tree, "", bold("environment"), ...environment].join("\n");
}

/** An action, or, where there is none, a file of the user's or a result whose record is lost. */
interface Origin {
  readonly name: string;
  readonly action: AuditedAction | undefined;
  readonly digest: string;
}

interface Node extends Origin {
  readonly children: readonly Node[];
  /** What it came from too, but stands elsewhere in the tree. */
  readonly elsewhere: readonly string[];
}

/** Returns the trees of the actions from which no other came. Each action is in one place of one tree. */
function treeOf(actions: readonly AuditedAction[]): readonly Node[] {
  const byKey = new Map<string, AuditedAction>(actions.map((action) => [action.record.key, action]));
  const order = new Map(actions.map((action, index) => [action, index]));
  const originsOf = ({ record }: AuditedAction): readonly Origin[] => {
    const origins = namedParts(record.inputs).map(({ part: { from, digest, action: key } }): Origin => {
      const action = key === undefined ? undefined : byKey.get(key);
      return action ? originOf(action) : { name: from, action, digest };
    });
    // The audit's order is that of the graph, backwards: so each stands below the last that came from it.
    const rank = ({ action }: Origin) => action ? order.get(action) ?? 0 : actions.length;
    return [...new Map(origins.map((origin) => [origin.name, origin])).values()]
      .sort((a, b) => rank(a) - rank(b));
  };
  const placed = new Set<string>();
  const place = (origin: Origin): Node => {
    placed.add(origin.name);
    const children: Node[] = [];
    const elsewhere: string[] = [];
    for (const next of origin.action ? originsOf(origin.action) : []) {
      if (placed.has(next.name)) elsewhere.push(next.name);
      else children.push(place(next));
    }
    return { ...origin, children, elsewhere };
  };
  const used = new Set(actions.flatMap((action) => originsOf(action).map(({ name }) => name)));
  return actions.map(originOf).filter(({ name }) => !used.has(name)).map(place);
}

function originOf(action: AuditedAction): Origin {
  return { name: action.record.instance, action, digest: action.record.tree };
}

interface Line {
  /** The branches that lead to a node, and its name. */
  readonly branch: string;
  readonly node: Node;
}

function linesOf(node: Node, branch = "", indent = ""): readonly Line[] {
  const name = node.action ? bold(node.name) : node.name;
  return [
    { branch: branch + name, node },
    ...node.children.flatMap((child, index) => {
      const isLast = index === node.children.length - 1;
      return linesOf(child, indent + (isLast ? "└ " : "├ "), indent + (isLast ? "  " : "│ "));
    }),
  ];
}

function madeText({ action, digest }: Node): string {
  if (!action) return dim(short(digest));
  return `${action.record.ended.slice(0, 16).replace("T", " ")} in ${duration(secondsOf(action.record))}`;
}

function detailsOf({ action }: Node, isAnySigned: boolean): readonly string[] {
  if (!action) return [];
  return [
    ...(isAnySigned ? [signatureText(action.signature)] : []),
    dim(`key ${short(action.record.key)}`),
  ];
}

/** Says what a node came from too, from the longest way to say it to the shortest. */
function alsoTexts({ elsewhere }: Node): readonly string[] {
  return elsewhere.length === 0 ? [] : [3, 2, 1].map((most) => dim(`also from ${listed(elsewhere, most)}`));
}

/** Adds to a row what still fits, and of the alternatives for its end the first that does. */
function fitting(start: string, cells: readonly string[], ends: readonly string[]): string {
  const columns = outputColumns();
  const fits = (row: string, cell: string) => widthOf(row) + 2 + widthOf(cell) <= columns;
  const row = cells.reduce((row, cell) => fits(row, cell) ? `${row}  ${cell}` : row, start);
  const end = ends.find((text) => fits(row, text));
  return end === undefined ? row : `${row}  ${end}`;
}
