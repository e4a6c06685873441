/** `graph [STAGE…]` draws which stages need which. */

import { type Command, Option } from "commander";
import { dependenciesOf, type Instance } from "../../pipeline/graph/instance.ts";
import { namedInstances, withNeeded } from "../../pipeline/graph/select.ts";
import { toSvg } from "../drawing/graph_svg.ts";
import { drawForTerminal, type GraphNode, toDot, toMermaid } from "../drawing/graph_text.ts";
import { type PipelineOptions, planOf } from "./options.ts";
import { optionalStagesHelp } from "./selection.ts";

const formats = {
  terminal: (nodes: readonly GraphNode[]) => drawForTerminal(nodes).join("\n"),
  mermaid: toMermaid,
  dot: toDot,
  svg: toSvg,
} as const;

interface Options extends PipelineOptions {
  readonly format: keyof typeof formats;
  readonly json: boolean;
}

const examples = `
Examples:
  deno task pipeline graph
  deno task pipeline graph evaluate@scalar
  deno task pipeline graph --format svg > pipeline.svg
  deno task pipeline graph --format dot | dot -Tpdf > pipeline.pdf

Exit codes: 0 done, 2 wrong input.`;

export function addGraphCommand(program: Command): void {
  program.command("graph")
    .description("draw which stages need which: all of them, or those named and what they need")
    .argument("[stages...]", optionalStagesHelp)
    .addOption(
      new Option("--format <format>", "how to draw it").choices(Object.keys(formats)).default("terminal"),
    )
    .option("--json", "print JSON", false)
    .addHelpText("after", examples)
    .action(showGraph);
}

async function showGraph(patterns: readonly string[], _options: unknown, command: Command): Promise<void> {
  const { format, json, ...options }: Options = command.optsWithGlobals();
  const { instances } = await planOf(options);
  const nodes = withNeeded(instances, namedInstances(instances, patterns)).map(nodeOf);
  console.log(json ? JSON.stringify(nodes, null, 2) : formats[format](nodes));
}

function nodeOf(instance: Instance): GraphNode {
  const { name, description: { description } } = instance;
  return { name, description, needs: [...new Set(dependenciesOf(instance))] };
}
